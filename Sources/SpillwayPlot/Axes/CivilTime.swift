import Glibc

/// A time by the calendar and the clock of UTC.
struct CivilTime {
    private let parts: tm
    private let microsecond: Int64

    /// Nil if the year is beyond what the calendar can say.
    init?(us: Int64) {
        microsecond = us.remainderFloored(1_000_000)
        var seconds = time_t(us / 1_000_000 - (us % 1_000_000 < 0 ? 1 : 0))
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return nil }
        self.parts = parts
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private var year: Int { Int(parts.tm_year) + 1900 }
    var day: String { "\(parts.tm_mday) \(Self.months[Int(parts.tm_mon)])" }
    var date: String { "\(day) \(year)" }

    func clock(everyUs intervalUs: Int64) -> String {
        func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let minute = "\(padded(parts.tm_hour)):\(padded(parts.tm_min))"
        if intervalUs % 60_000_000 == 0 { return minute }
        let second = "\(minute):\(padded(parts.tm_sec))"
        if intervalUs % 1_000_000 == 0 { return second }
        let thousandths = String(1000 + microsecond / 1000).dropFirst()
        return "\(second).\(intervalUs % 100_000 == 0 ? thousandths.prefix(1) : thousandths)"
    }

    func label(everyUs intervalUs: Int64) -> String {
        intervalUs % TimeAxis.dayUs == 0 ? day : clock(everyUs: intervalUs)
    }

    func context(everyUs intervalUs: Int64, after previous: CivilTime?) -> String {
        if intervalUs % TimeAxis.dayUs == 0 { return previous?.year == year ? "" : "\(year)" }
        guard let previous else { return date }
        return previous.date == date ? "" : previous.year == year ? day : date
    }
}

extension Int64 {
    /// What is left over a multiple of `divisor`, never negative.
    func remainderFloored(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
