/// An instant in UTC, in microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    public var rawValue: Int64

    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.rawValue < b.rawValue }

    package static let microsecondsPerSecond: Int64 = 1_000_000
    package static let microsecondsPerDay: Int64 = 86_400 * microsecondsPerSecond
}

extension Timestamp {
    /// Midnight UTC of a day of the proleptic Gregorian calendar, nil if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.dayCount(year: year, month: month)).contains(day)
        else { return nil }
        self.rawValue = Self.daysSinceEpoch(year, month, day) * Self.microsecondsPerDay
    }

    /// An RFC 3339 date or date and time: `2021-10-04`, `2021-10-04T15:40:00Z`,
    /// `2021-10-04 15:40:00.25+02:00`. Seconds and offset may be left out: then they are 0 and UTC. Digits beyond
    /// microseconds are cut. Nil for anything else, and for a leap second.
    public init?(rfc3339 text: some StringProtocol) {
        var scanner = Scanner(text.utf8)
        guard let year = scanner.number(digits: 4), scanner.take("-"),
            let month = scanner.number(digits: 2), scanner.take("-"),
            let day = scanner.number(digits: 2),
            let midnight = Timestamp(year: year, month: month, day: day)
        else { return nil }
        self = midnight
        if scanner.isAtEnd { return }
        guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
            let minute = scanner.number(digits: 2), minute < 60
        else { return nil }
        var second = 0
        var fraction: Int64 = 0
        if scanner.take(":") {
            guard let number = scanner.number(digits: 2), number < 60 else { return nil }
            second = number
            if scanner.take(".") {
                guard let micros = scanner.fraction() else { return nil }
                fraction = micros
            }
        }
        guard let offsetMinutes = scanner.offsetMinutes(), scanner.isAtEnd else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second - offsetMinutes * 60)
        rawValue += seconds * Self.microsecondsPerSecond + fraction
    }

    /// RFC 3339 in UTC, with as much of a fraction as there is: `2021-10-04T15:40:00Z`,
    /// `2021-10-04T15:40:00.000250Z`. Years before 0 or after 9999, which RFC 3339 cannot write, have a sign or
    /// more digits.
    public var rfc3339: String {
        let (days, micros) = rawValue.flooredDivision(by: Self.microsecondsPerDay)
        let (year, month, day) = Self.civil(daysSinceEpoch: days)
        let seconds = Int(micros / Self.microsecondsPerSecond)
        let fraction = Int(micros % Self.microsecondsPerSecond)
        let date = "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        let time = "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))"
        return "\(date)T\(time)\(fraction == 0 ? "" : ".\(fraction.padded(6))")Z"
    }

    // Civil dates after Hinnant, "chrono-compatible low-level date algorithms" (2013): years begin in March,
    // so that the leap day is the last of its year; an era is 400 years.
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = Int64(month <= 2 ? year - 1 : year)
        let (era, yearOfEra) = y.flooredDivision(by: 400)
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(daysSinceEpoch: Int64) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }

    private static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// Quotient rounded toward negative infinity, and the remainder, which is never negative.
    package func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Int {
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(magnitude)
        let zeros = String(repeating: "0", count: Swift.max(0, width - digits.count))
        return (self < 0 ? "-" : "") + zeros + digits
    }
}

/// Reads the fixed-width fields of RFC 3339.
private struct Scanner<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func digit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        else { return nil }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// Microseconds from the digits after the point; at least one digit.
    mutating func fraction() -> Int64? {
        guard var value = digit().map(Int64.init) else { return nil }
        var digits = 1
        while let next = digit() {
            if digits < 6 { value = value * 10 + Int64(next) }
            digits += 1
        }
        for _ in Swift.min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// `Z`, `+02:00`, or nothing for UTC.
    mutating func offsetMinutes() -> Int? {
        if isAtEnd || take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
