public import SpillwayModel

/// The attempts of a trace that arrive within a window of its time.
///
/// Slices that lie outside of it are not read.
public struct TraceWindow: Trace {
    package let base: any Trace
    private let from: Timestamp
    private let until: Timestamp
    private let slices: Range<Int>
    public private(set) var expectedAttempts = 0
    /// Whether nothing arrives in the window.
    public private(set) var isEmpty = false

    /// - Parameters:
    ///   - from: The earliest arrival that is in; nil for all from the first on.
    ///   - until: The earliest arrival that is not; nil for all up to the last.
    /// - Complexity: Reads some slices, twice as many as the number of slices has binary digits, to find the window's
    ///   ends, and ``sampleCount`` to tell how many attempts it holds, about.
    public init(_ base: any Trace, from: Timestamp?, until: Timestamp?) throws(TraceError) {
        self.base = base
        self.from = from ?? Timestamp(rawValue: .min)
        self.until = until ?? Timestamp(rawValue: .max)
        var slice = TraceSlice()
        let first = try from.map { (time) throws(TraceError) in try base.lastSlice(before: time, &slice) } ?? 0
        let end = try until.map { (time) throws(TraceError) in try base.slices(before: time, &slice) }
        slices = first..<max(first, end ?? base.sliceCount)
        isEmpty = try firstArrival(from: 0, &slice) == nil
        expectedAttempts = try estimatedAttempts(&slice)
    }

    public var name: String { base.name }

    public var fingerprint: UInt64 {
        let words = [UInt64(bitPattern: from.rawValue), UInt64(bitPattern: until.rawValue)]
        return words.reduce(base.fingerprint ^ 0x5749_4e44_4f57) { mix($0 ^ $1) &+ 1 }
    }

    public var sliceCount: Int { slices.count }
    public var registrationsByRegion: [Region: Int]? { nil }
    public var rejectedRows: RejectedRows? { base.rejectedRows }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        precondition(index >= 0 && index < sliceCount)
        try base.readSlice(slices.lowerBound + index, into: &slice)
        let first = slice.rows(before: from)
        slice.keep(first..<max(first, isOpenEnded ? slice.count : slice.rows(before: until)))
    }

    /// No time is later than the last there is, which a recording may hold.
    private var isOpenEnded: Bool { until.rawValue == .max }

    private static let sampleCount = 16

    /// From slices at equal distances: all of them if there are few.
    private func estimatedAttempts(_ slice: inout TraceSlice) throws(TraceError) -> Int {
        let count = min(Self.sampleCount, sliceCount)
        var sampled = 0
        for sample in 0..<count {
            try readSlice(sample * sliceCount / count, into: &slice)
            sampled += slice.count
        }
        return count == 0 ? 0 : Int(Double(sampled) * Double(sliceCount) / Double(count))
    }
}

extension Trace {
    /// How many slices there are before the first of which, with all after it, nothing arrives before `time`.
    fileprivate func slices(before time: Timestamp, _ slice: inout TraceSlice) throws(TraceError) -> Int {
        var (low, high) = (0, sliceCount)
        while low < high {
            let middle = (low + high) / 2
            if let arrival = try firstArrival(from: middle, &slice), arrival < time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// The last slice that begins before `time`, the first one if none does. What is in those before it arrives before
    /// `time` too.
    fileprivate func lastSlice(before time: Timestamp, _ slice: inout TraceSlice) throws(TraceError) -> Int {
        max(0, try slices(before: time, &slice) - 1)
    }

    /// When the first attempt of the slices from `index` on arrives; nil if there is none.
    func firstArrival(from index: Int, _ slice: inout TraceSlice) throws(TraceError) -> Timestamp? {
        for index in index..<sliceCount {
            try readSlice(index, into: &slice)
            if let arrival = slice.arrivedAt.first { return arrival }
        }
        return nil
    }

    /// When the last attempt arrives; nil if there is none.
    func lastArrival(_ slice: inout TraceSlice) throws(TraceError) -> Timestamp? {
        for index in (0..<sliceCount).reversed() {
            try readSlice(index, into: &slice)
            if let arrival = slice.arrivedAt.last { return arrival }
        }
        return nil
    }
}
