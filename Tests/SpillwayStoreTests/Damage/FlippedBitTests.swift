import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Any bit that flips in what was acknowledged is named, with its file and a place at or before it.
@Suite struct FlippedBitTests {
    private let directory = TemporaryDirectory()
    private let store: SmallStore

    init() throws { store = try SmallStore(in: directory) }

    /// Tries bits of a file, each in a store that is whole otherwise.
    ///
    /// - Parameters:
    ///   - structures: Where those of the file begin, from 0.
    ///   - step: 1 for every bit; odd, so that every bit of a byte gets its turn.
    /// - Returns: What verification does not name, in this file and the right structure.
    private func unnamed(_ file: String, structures: [Int] = [0], step: Int = 1) throws -> [String] {
        let bytes = try store.bytes(of: file)
        return try stride(from: 0, to: bytes.count * 8, by: step).compactMap { bit in
            let report = try store.verify(AlteredSystem("\(store.path)/\(file)", bytes, flipping: bit))
            let structure = structures.lastIndex { $0 <= bit / 8 }
            let isNamed = report.problems.contains { problem in
                problem.file == file && structures.lastIndex { $0 <= Int(problem.offset) } == structure
            }
            return isNamed ? nil : "bit \(bit % 8) of byte \(bit / 8): \(report.problems)"
        }
    }

    /// Frame headers, chunks, frame metadata, and all that comes after the row groups.
    private func structures(ofSegment file: String, _ path: String) throws -> [Int] {
        let name = try #require(path.split(separator: "/").last.flatMap { SegmentName(fileName: String($0)) })
        let source = try PosixSystem().open(path, .read)
        let view = try StoreView(path: store.path, system: PosixSystem())
        let segment = try #require(view.segments.first { $0.name == name })
        let walk = try FrameWalk(
            source, salt: name.salt, from: 4,
            to: (try? SegmentFooter(reading: source).start ?? 0) ?? source.size(), mayBeTorn: false)
        var starts = [0, Int(walk.end)]
        for place in walk.places {
            starts += [Int(place.offset), Int(place.contentOffset + (place.header?.bodyLength ?? 0))]
        }
        return (starts + segment.rowGroups.flatMap(\.columns).map { Int($0.offset) }).sorted()
    }

    @Test func aSoundStoreHasNoProblem() throws {
        let report = try store.verify()
        #expect(report.problems == [] && report.notes == [])
        #expect(report.registrations == SmallStore.rowCount && report.segments == 3)
    }

    @Test func inASealedSegment() throws {
        let file = store.sealed[1]
        let structures = try structures(ofSegment: file, "\(store.path)/\(file)")
        #expect(structures.count == 1 + 2 + 7 + 1)
        #expect(try unnamed(file, structures: structures, step: 9) == [])
    }
}
