import SpillwayModel

/// Minutes since 1970, which rollups count by.
enum Minute {
    static let microseconds = 60 * Timestamp.microsecondsPerSecond

    /// The least range of whole minutes that holds a range of microseconds, where there is one.
    static func rounding(_ times: ClosedRange<Int64>) -> ClosedRange<Int64> {
        let (first, last) = (
            times.lowerBound.flooredDivision(by: microseconds).quotient,
            times.upperBound.flooredDivision(by: microseconds).quotient
        )
        let low = first.multipliedReportingOverflow(by: microseconds)
        let high = (last + 1).multipliedReportingOverflow(by: microseconds)
        return (low.overflow ? .min : low.partialValue)...(high.overflow ? .max : high.partialValue - 1)
    }
}

/// A range of microseconds as the minutes that lie in it whole, and what is left before and after.
struct MinuteSplit: Hashable {
    private(set) var minutes: ClosedRange<Int64>?
    private(set) var edges: [ClosedRange<Int64>] = []

    init(_ times: ClosedRange<Int64>) {
        let first = (times.lowerBound.addingClamped(-1)).flooredDivision(by: Minute.microseconds).quotient + 1
        let last = times.upperBound.addingClamped(1).flooredDivision(by: Minute.microseconds).quotient - 1
        guard first <= last else {
            edges = [times]
            return
        }
        minutes = first...last
        let start = first * Minute.microseconds
        let end = (last + 1) * Minute.microseconds
        if times.lowerBound < start { edges.append(times.lowerBound...start - 1) }
        if end <= times.upperBound { edges.append(end...times.upperBound) }
    }
}
