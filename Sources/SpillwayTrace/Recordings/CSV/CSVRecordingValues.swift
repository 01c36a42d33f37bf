internal import SpillwayModel

/// Makes values out of the fields of a recording. Remembers what the rows before had, as the next mostly has the
/// same: the day, the labels.
struct CSVRecordingValues {
    private var times = TimestampText()
    private var labels = [CachedLabel](repeating: CachedLabel(), count: 256)

    /// Where a label was last seen, among bytes that outlive this.
    private struct CachedLabel {
        /// Its first and its last eight bytes: all of it, if there are no more than sixteen.
        var ends: (head: UInt64, tail: UInt64) = (0, 0)
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        var label: Label = .invalid

        @inline(__always)
        func isOf(_ field: CSVRecordingCursor.Field, _ ends: (head: UInt64, tail: UInt64)) -> Bool {
            self.ends == ends && bytes.count == field.bytes.count
                && (bytes.count <= 16 || bytes.elementsEqual(field.bytes))
        }
    }

    @inline(__always)
    mutating func time(_ text: UnsafeRawBufferPointer) -> Timestamp? { times.time(text) }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// 64 bits as an unsigned decimal number, with a `+` if it likes, or a negative one for the same bits in two's
    /// complement.
    @inline(__always)
    func identity(_ text: UnsafeRawBufferPointer) -> Identity? {
        let isNegative = text.first == UInt8(ascii: "-")
        let isSigned = isNegative || text.first == UInt8(ascii: "+")
        let digits = isSigned ? UnsafeRawBufferPointer(rebasing: text[1...]) : text
        guard let magnitude = Self.decimal(digits), !magnitude.overflows else { return nil }
        if !isNegative { return Identity(rawValue: magnitude.value) }
        return magnitude.value <= 1 << 63 ? Identity(rawValue: 0 &- magnitude.value) : nil
    }

    /// A hash of the text; nil if there is none, or it is not UTF-8.
    @inline(__always)
    mutating func identity(hashing field: CSVRecordingCursor.Field, key: SipKey) -> Identity? {
        if field.hasDoubledQuotes { return Self.identity(hashing: Self.unquoted(field.bytes), key: key) }
        guard !field.bytes.isEmpty else { return nil }
        // Without a copy, as nearly all are.
        if field.bytes.allSatisfy({ $0 < 0x80 }) { return Identity(hashingUTF8: field.bytes, key: key) }
        return Self.identity(hashing: field.bytes, key: key)
    }

    @inline(never)
    private static func identity(hashing bytes: some Collection<UInt8>, key: SipKey) -> Identity? {
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return Identity(hashing: text, key: key)
    }

    /// Any integer; −1 for those out of range, as ``RegistrationBatch`` has them.
    @inline(__always)
    func latencyUs(_ text: UnsafeRawBufferPointer) -> Int32? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? UnsafeRawBufferPointer(rebasing: text[1...]) : text
        guard let magnitude = Self.decimal(digits) else { return nil }
        if magnitude.value == 0, !magnitude.overflows { return 0 }
        return isNegative || magnitude.overflows ? -1 : Int32(exactly: magnitude.value) ?? -1
    }

    /// As many cannot overflow.
    private static let maximumSafeDigits = 19

    @inline(__always)
    private static func decimal(_ text: UnsafeRawBufferPointer) -> (value: UInt64, overflows: Bool)? {
        guard !text.isEmpty else { return nil }
        var value: UInt64 = 0
        if text.count <= maximumSafeDigits {
            for byte in text {
                guard let digit = digit(byte) else { return nil }
                value = value &* 10 &+ UInt64(digit)
            }
            return (value, false)
        }
        var overflows = false
        for byte in text {
            guard let digit = digit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            value = sum
            overflows = overflows || overflow || carry
        }
        return (value, overflows)
    }

    /// ``Country/unknown`` for whatever is no country.
    @inline(__always)
    func country(_ text: UnsafeRawBufferPointer) -> Country {
        text.count == 2 ? Country(letters: text[0], text[1]) ?? .unknown : .unknown
    }

    /// ``Label/invalid`` for what cannot be a label; nil for what is not UTF-8.
    @inline(__always)
    mutating func label(_ field: CSVRecordingCursor.Field) -> Label? {
        if field.hasDoubledQuotes { return Self.newLabel(Self.unquoted(field.bytes)) }
        let ends = field.ends
        let hash = (ends.head ^ ends.tail &* 3) &* 0x9e37_79b9_7f4a_7c15
        let slot = Int(hash >> 56)
        if labels[slot].isOf(field, ends) { return labels[slot].label }
        guard let label = Self.newLabel(field.bytes) else { return nil }
        labels[slot] = CachedLabel(ends: ends, bytes: field.bytes, label: label)
        return label
    }

    @inline(never)
    private static func newLabel(_ bytes: some Collection<UInt8>) -> Label? {
        String(validating: bytes, as: UTF8.self).map { Label($0) ?? .invalid }
    }

    /// The second quote of each pair goes in, the first does not.
    static func unquoted(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        var wasQuote = false
        for byte in bytes {
            wasQuote = byte == .quote && !wasQuote
            if !wasQuote { result.append(byte) }
        }
        return result
    }
}
