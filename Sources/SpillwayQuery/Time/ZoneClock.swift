import FoundationEssentials
import FoundationInternationalization
import SpillwayModel

/// How far the clocks of a time zone are ahead of UTC, and since when.
struct ZoneClock: Sendable {
    /// Nil for UTC.
    private let zone: TimeZone?

    /// Seconds since 1970 of the years that time zones are known for: before there were none, and what governments will
    /// decide nobody knows.
    private static let known = Timestamp.seconds(ofYear: 1880)...Timestamp.seconds(ofYear: 2200)

    /// - Parameter name: of the IANA database, or of a region; nil for UTC.
    init(_ name: String?) throws(QueryError) {
        guard let name, name != "UTC" else {
            zone = nil
            return
        }
        let region = Region.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
        // Foundation takes offsets and abbreviations for names too, which stand for different zones in different places.
        let identifier = region?.timeZone ?? name
        guard identifier.contains("/"), let zone = TimeZone(identifier: identifier) else {
            throw .unknownTimeZone(name)
        }
        self.zone = zone
    }

    /// The offset where a range of time begins, and each that follows; times in microseconds.
    func offsets(during times: ClosedRange<Int64>) -> [(time: Int64, offsetUs: Int64)] {
        guard let zone else { return [(times.lowerBound, 0)] }
        let second = Timestamp.microsecondsPerSecond
        let first = times.lowerBound.flooredDivision(by: second).quotient.clamped(to: Self.known)
        let last = times.upperBound.flooredDivision(by: second).quotient.clamped(to: Self.known)
        var offset = zone.offset(at: first)
        var offsets = [(time: times.lowerBound, offsetUs: offset * second)]
        // No clock is changed and changed back within a day.
        for day in stride(from: first, to: last, by: 86_400) {
            let end = min(day + 86_400, last)
            let next = zone.offset(at: end)
            if next == offset { continue }
            var (before, after) = (day, end)
            while after - before > 1 {
                let middle = before + (after - before) / 2
                if zone.offset(at: middle) == offset { before = middle } else { after = middle }
            }
            offset = next
            offsets.append((after * second, offset * second))
        }
        return offsets
    }
}

extension TimeZone {
    /// Seconds ahead of UTC, at a time in seconds since 1970.
    fileprivate func offset(at seconds: Int64) -> Int64 {
        Int64(secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}

extension Timestamp {
    fileprivate static func seconds(ofYear year: Int) -> Int64 {
        (Timestamp(year: year, month: 1, day: 1)?.rawValue ?? 0) / microsecondsPerSecond
    }
}

extension Int64 {
    fileprivate func clamped(to range: ClosedRange<Int64>) -> Int64 {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
