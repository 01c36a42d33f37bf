internal import SpillwayModel

/// Makes values out of the fields of a recording. Remembers what the rows before had, as the next mostly has the
/// same: the day, the labels.
struct CSVRecordingValues {
    private var day: (head: UInt64, tail: UInt16) = (0, 0)
    private var midnight: Timestamp?
    private var labels = [CachedLabel](repeating: CachedLabel(), count: 256)

    /// Where a label was last seen, among bytes that outlive this.
    private struct CachedLabel {
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        var label: Label = .invalid
    }

    /// An RFC 3339 time; nil if it is none.
    @inline(__always)
    mutating func time(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard text.count >= 19, let midnight,
            text.loadUnaligned(as: UInt64.self) == day.head,
            text.loadUnaligned(fromByteOffset: 8, as: UInt16.self) == day.tail,
            let timeOfDayUs = Self.timeOfDayUs(text)
        else { return anyTime(text) }
        return Timestamp(rawValue: midnight.rawValue + timeOfDayUs)
    }

    /// Any time, and the day for those that follow.
    @inline(never)
    private mutating func anyTime(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard let string = String(validating: text, as: UTF8.self), let time = Timestamp(rfc3339: string)
        else { return nil }
        if text.count >= 10, let midnight = Timestamp(rfc3339: string.prefix(10)) {
            self.midnight = midnight
            day = (
                text.loadUnaligned(as: UInt64.self), text.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
            )
        }
        return time
    }

    /// Microseconds since midnight of `2021-10-04T15:40:00.25Z`; nil for what is rarer: an offset other than Z,
    /// seconds left out, over six digits of a fraction.
    @inline(__always)
    private static func timeOfDayUs(_ text: UnsafeRawBufferPointer) -> Int64? {
        let (hour, minute, second) = (twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17))
        let separator = text[10]
        guard hour < 24, minute < 60, second < 60, text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"),
            separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ")
        else { return nil }
        var index = 19
        var fractionUs: Int64 = 0
        if index < text.count, text[index] == UInt8(ascii: ".") {
            var unitUs: Int64 = 100_000
            index += 1
            while index < text.count, let digit = digit(text[index]) {
                guard unitUs > 0 else { return nil }
                fractionUs += Int64(digit) * unitUs
                unitUs /= 10
                index += 1
            }
            guard index > 20 else { return nil }
        }
        guard index == text.count - 1, text[index] == UInt8(ascii: "Z") else { return nil }
        return Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + fractionUs
    }

    /// Over 99 if they are not digits.
    @inline(__always)
    private static func twoDigits(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int {
        guard let tens = digit(text[index]), let ones = digit(text[index + 1]) else { return 100 }
        return Int(tens) * 10 + Int(ones)
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// 64 bits as an unsigned decimal number, or a negative one for the same bits in two's complement.
    @inline(__always)
    func identity(_ text: UnsafeRawBufferPointer) -> Identity? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? UnsafeRawBufferPointer(rebasing: text[1...]) : text
        guard let magnitude = Self.decimal(digits), !magnitude.overflows else { return nil }
        if !isNegative { return Identity(rawValue: magnitude.value) }
        return magnitude.value <= 1 << 63 ? Identity(rawValue: 0 &- magnitude.value) : nil
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

    @inline(__always)
    private static func decimal(_ text: UnsafeRawBufferPointer) -> (value: UInt64, overflows: Bool)? {
        guard !text.isEmpty else { return nil }
        var value: UInt64 = 0
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
        var hash: UInt64 = 0
        for byte in field.bytes { hash = (hash ^ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15 }
        let slot = Int(hash >> 56)
        let cached = labels[slot]
        if cached.bytes.count == field.bytes.count, cached.bytes.elementsEqual(field.bytes) {
            return cached.label
        }
        guard let label = field.bytes.withMemoryRebound(to: UInt8.self, { Self.newLabel($0) }) else {
            return nil
        }
        labels[slot] = CachedLabel(bytes: field.bytes, label: label)
        return label
    }

    @inline(never)
    private static func newLabel(_ bytes: some Collection<UInt8>) -> Label? {
        String(validating: bytes, as: UTF8.self).map { Label($0) ?? .invalid }
    }

    /// The second quote of each pair goes in, the first does not.
    private static func unquoted(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        var wasQuote = false
        for byte in bytes {
            wasQuote = byte == .quote && !wasQuote
            if !wasQuote { result.append(byte) }
        }
        return result
    }
}
