import SpillwayModel

/// What a query can find of each group beside how many registrations it has.
public enum QueryMeasure: String, CaseIterable, Sendable, Hashable {
    /// ``QueryRow/share``
    case share
    /// ``QueryRow/runningTotal``
    case runningTotal
    /// ``QueryRow/first`` and ``QueryRow/last``
    case firstAndLast
    /// ``QueryRow/peakSecond``
    case peakSecond
    /// ``QueryRow/peakMinute``
    case peakMinute
    /// ``QueryRow/latencyHistogram``
    case latencyHistogram
    /// ``QueryRow/attempts``
    case attempts
}

/// The second or the minute in which a group has the most registrations; the first of them, if there are several.
public struct QueryPeak: Hashable, Sendable {
    /// Where it begins.
    public var time: Timestamp
    public var registrations: Int
}

/// Registrations whose latencies are in one range.
public struct LatencyBin: Hashable, Sendable {
    /// In microseconds.
    public var latencyUs: Range<Int>
    public var registrations: Int
}
