/// Cuts CSV (RFC 4180) into fields, without copying them. Lines end in LF or CRLF.
///
/// The bytes are followed by ``padding`` line feeds. So a word can be loaded anywhere up to the end, every search
/// stops there, and `position` is at most `count` + 1: the last record then ended at the end instead of at a line
/// feed of its own.
struct CSVRecordingCursor {
    /// Line feeds behind the bytes.
    static let padding = 8

    private let base: UnsafeRawPointer
    private let count: Int
    private(set) var position: Int

    /// - Precondition: `padded` ends in ``padding`` line feeds that are not part of the text, and outlives this.
    init(_ padded: UnsafeRawBufferPointer, from position: Int = 0) {
        guard let base = padded.baseAddress, padded.count >= Self.padding + position else {
            preconditionFailure("CSV without padding")
        }
        self.base = base
        count = padded.count - Self.padding
        self.position = position
    }

    var isAtEnd: Bool { position >= count }

    /// The last field was ended by the end of the bytes: if the file goes on, so does the field.
    var isCutOff: Bool { position > count }

    struct Field {
        /// Without the quotes around it, and with quotes within doubled.
        let bytes: UnsafeRawBufferPointer
        let hasDoubledQuotes: Bool
        let endsRecord: Bool

        /// The first and the last eight bytes; of a shorter field, its bytes and zeros, twice.
        @inline(__always)
        var ends: (head: UInt64, tail: UInt64) {
            guard let base = bytes.baseAddress, bytes.count > 0 else { return (0, 0) }
            // Eight bytes are there, by the padding.
            let head = UInt64(littleEndian: base.loadUnaligned(as: UInt64.self))
            if bytes.count < 8 {
                let bits = head & (1 << UInt64(8 * bytes.count) &- 1)
                return (bits, bits)
            }
            let last = base.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            return (head, UInt64(littleEndian: last))
        }
    }

    /// Passes over empty lines.
    mutating func skipEmptyLines() {
        while !isAtEnd {
            switch base.load(fromByteOffset: position, as: UInt8.self) {
            case .lineFeed: position += 1
            case .carriageReturn where byte(position + 1) == .lineFeed: position += 2
            default: return
            }
        }
    }

    /// The next field. After an error, `position` is where it was found.
    ///
    /// - Precondition: not ``isAtEnd``, or the last field did not end its record.
    @inline(__always)
    mutating func field() throws(CSVProblem) -> Field {
        if byte(position) == .quote { return try quotedField() }
        let start = position
        var end = start
        while true {
            end = nextSpecial(end)
            switch byte(end) {
            case .comma, .lineFeed:
                return finish(start..<end, hasDoubledQuotes: false, terminator: end)
            case .carriageReturn:
                guard byte(end + 1) == .lineFeed else {
                    position = end
                    throw CSVProblem("carriage return without line feed")
                }
                return finish(start..<end, hasDoubledQuotes: false, terminator: end + 1)
            case .quote:
                position = end
                throw CSVProblem("quote inside a field that does not begin with one")
            default:
                end += 1
            }
        }
    }

    private mutating func quotedField() throws(CSVProblem) -> Field {
        let start = position + 1
        var end = start
        var hasDoubledQuotes = false
        while true {
            end = nextQuote(end)
            if end >= count {
                position = count + 1
                throw CSVProblem("quoted field without a closing quote")
            }
            guard byte(end + 1) == .quote else { break }
            hasDoubledQuotes = true
            end += 2
        }
        let isCRLF = byte(end + 1) == .carriageReturn && byte(end + 2) == .lineFeed
        let terminator = end + (isCRLF ? 2 : 1)
        guard byte(terminator) == .comma || byte(terminator) == .lineFeed else {
            position = min(terminator, count)
            let isEscaped = end > start && byte(end - 1) == UInt8(ascii: "\\")
            throw CSVProblem(
                "text after the closing quote" + (isEscaped ? ": a quote within is doubled, not put behind a \\" : ""))
        }
        return finish(start..<end, hasDoubledQuotes: hasDoubledQuotes, terminator: terminator)
    }

    /// How the end of a record was looked for.
    enum RecordEnd {
        case found
        /// Not found: the text ends within quotes.
        case unclosed
        /// Given up.
        case tooFar
    }

    /// Passes over the record that begins at `start` and that something is wrong with. After what is no CSV, and after
    /// `maximumBytes`, it is taken to end with its line.
    @inline(never)
    mutating func passRecord(from start: Int, maximumBytes: Int) -> RecordEnd {
        position = start
        var end = RecordEnd.found
        do throws(CSVProblem) {
            while position - start <= maximumBytes {
                if try field().endsRecord { break }
            }
        } catch {
            if isCutOff { end = .unclosed } else { passLine() }
        }
        if position - start <= maximumBytes { return end }
        position = start + maximumBytes
        passLine()
        return .tooFar
    }

    /// Goes behind the next line feed, or behind the padding's first if there is none before.
    mutating func passLine() {
        guard position <= count else { return }
        while byte(position) != .lineFeed { position += 1 }
        position += 1
    }

    @inline(__always)
    private mutating func finish(_ range: Range<Int>, hasDoubledQuotes: Bool, terminator: Int) -> Field {
        position = terminator + 1
        return Field(
            bytes: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count),
            hasDoubledQuotes: hasDoubledQuotes, endsRecord: byte(terminator) == .lineFeed)
    }

    /// The first byte from `index` on that may end a field or be a quote: all of those are ≤ comma. Eight at a
    /// time, by the carry that a byte below a bound leaves in its top bit when the bound is subtracted.
    @inline(__always)
    private func nextSpecial(_ index: Int) -> Int {
        var index = index
        while true {
            let word = word(index)
            let found = (word &- Self.ones &* UInt64(UInt8.comma + 1)) & ~word & (Self.ones &* 0x80)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
    }

    /// The first quote from `index` on; `count` or more if there is none. By the borrow of bytes that are 0.
    @inline(__always)
    private func nextQuote(_ index: Int) -> Int {
        var index = index
        while index < count {
            let word = word(index) ^ Self.ones &* UInt64(UInt8.quote)
            let found = (word &- Self.ones) & ~word & (Self.ones &* 0x80)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        return index
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The eight bytes from `index`.
    ///
    /// - Precondition: `index` ≤ `count`
    @inline(__always)
    private func word(_ index: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// - Precondition: `index` < `count` + ``padding``
    @inline(__always)
    private func byte(_ index: Int) -> UInt8 { base.load(fromByteOffset: index, as: UInt8.self) }
}

extension UInt8 {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}
