import SpillwayModel
import SpillwayPlatform

@testable import SpillwayTrace

/// Attempts that a test lists, slice by slice. Counts what is read of it.
struct ListedTrace: Trace {
    let slices: [[RecordedAttempt]]
    private let readCount = Monitor(0)

    init(_ slices: [[RecordedAttempt]]) { self.slices = slices }

    /// Cut every so many attempts.
    init(_ attempts: [RecordedAttempt], sliceRows: Int) {
        self.init(
            stride(from: 0, to: attempts.count, by: sliceRows).map { start in
                Array(attempts[start..<min(start + sliceRows, attempts.count)])
            })
    }

    var name: String { "listed" }
    var fingerprint: UInt64 { 1 }
    var sliceCount: Int { slices.count }
    var expectedAttempts: Int { slices.reduce(0) { $0 + $1.count } }
    var registrationsByRegion: [Region: Int]? { nil }
    var slicesRead: Int { readCount.withLock { $0 } }

    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        readCount.withLock { $0 += 1 }
        slice = TraceSlice(slices[index])
    }
}
