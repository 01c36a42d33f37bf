import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Any bit that flips in what was acknowledged is named, with its file and a place at or before it.
@Suite struct FlippedBitTests {
    private let directory = TemporaryDirectory()
    private let store: SmallStore

    init() throws { store = try SmallStore(in: directory) }

    /// The bits of bytes in a range that verification does not name in the right file, near the right place.
    private func unnamed(
        _ file: String, _ range: Range<Int>? = nil, step: Int, reach: Int
    ) throws -> [String] {
        let bytes = try store.bytes(of: file)
        let range = range ?? bytes.indices
        return try stride(from: range.lowerBound * 8, to: range.upperBound * 8, by: step).compactMap { bit in
            let system = AlteredSystem("\(store.path)/\(file)", bytes, flipping: bit)
            let report = try store.verify(system)
            let places = report.problems.filter { $0.file == file }.map { Int($0.offset) }
            let isNamed = places.contains { $0 <= bit / 8 && bit / 8 - $0 <= reach }
            return isNamed ? nil : "bit \(bit % 8) of byte \(bit / 8): \(report.problems)"
        }
    }

    @Test func aSoundStoreHasNoProblem() throws {
        let report = try store.verify()
        #expect(report.problems == [] && report.notes == [])
        #expect(report.registrations == SmallStore.rowCount && report.segments == 3)
    }

    @Test func inASealedSegment() throws {
        let unnamed = try unnamed(store.sealed[1], step: 1, reach: 4096)
        #expect(unnamed == [])
    }
}
