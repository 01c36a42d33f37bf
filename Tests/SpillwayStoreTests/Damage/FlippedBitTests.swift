import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Any bit that flips in what was acknowledged is named, with its file and the structure that it is in.
@Suite struct FlippedBitTests {
    private let directory = TemporaryDirectory()

    /// Flips bits of a file of a store that is whole otherwise.
    ///
    /// - Parameters:
    ///   - structures: Where those of the file begin, from 0.
    ///   - end: How much of the file was acknowledged for sure.
    /// - Returns: What verification does not name.
    private func unnamed(
        _ store: TinyStore, _ file: String, structures: [Int] = [0], end: Int? = nil
    ) throws -> [String] {
        let bytes = try store.bytes(of: file)
        return try FlippedBits(of: 0..<(end ?? bytes.count)).unnamed(file) { bit in
            let report = try store.verify(AlteredSystem("\(store.path)/\(file)", bytes, flipping: bit))
            let structure = structures.lastIndex { $0 <= bit / 8 }
            return report.problems.contains { problem in
                problem.file == file && structures.lastIndex { $0 <= Int(problem.offset) } == structure
            }
        }
    }

    /// Where frame headers, chunks and frame metadata begin, and what comes after the frames.
    private func structures(of store: TinyStore) throws -> (starts: [Int], frames: [FrameWalk.Place]) {
        let path = "\(store.path)/\(store.file)"
        let file = try PosixSystem().open(path, .read)
        let isJournal = path.hasSuffix(".log")
        let stem = path.split(separator: "/").last?.split(separator: ".").first?.split(separator: "-").last ?? ""
        let salt = try #require(UInt64(stem, radix: 16))
        let footer = try? SegmentFooter(reading: file)
        let walk = try FrameWalk(
            file, salt: salt, from: isJournal ? 0 : 4, to: footer?.framesEnd ?? file.size(), mayBeTorn: footer == nil)
        let view = try StoreView(path: store.path, system: PosixSystem())
        let footerStart = Int(footer?.start ?? walk.end)
        var starts =
            [0, Int(walk.end), footerStart]
            + view.segments.flatMap(\.rowGroups).flatMap(\.columns).map { Int($0.offset) }
        for place in walk.places {
            starts += [Int(place.offset), Int(place.contentOffset + (place.header?.bodyLength ?? 0))]
        }
        return (Set(starts).sorted(), walk.places)
    }

    @Test func aSoundStoreHasNoProblem() throws {
        let report = try SmallStore(in: directory).verify()
        #expect(report.problems == [] && report.notes == [])
        #expect(report.registrations == SmallStore.rowCount && report.segments == 3)
    }

    @Test func inASealedSegment() throws {
        let store = try TinyStore(.sealed, in: directory)
        let structures = try structures(of: store)
        // The magic, a header, seven chunks, the frame's metadata, the rollup, the footer.
        #expect(structures.starts.count == 12)
        let unnamed = try unnamed(store, store.file, structures: structures.starts)
        #expect(unnamed == [])
    }

    /// Up to the last frame, which cannot be told from one that a crash cut short. Without a footer, nothing tells for
    /// sure whether pages or what describes them are damaged, so that a frame's content is one structure.
    @Test func inAnOpenSegment() throws {
        let store = try TinyStore(.open, in: directory)
        let structures = try structures(of: store)
        let last = try #require(structures.frames.last)
        let starts = [0] + structures.frames.flatMap { [Int($0.offset), Int($0.contentOffset)] }
        let unnamed = try unnamed(store, store.file, structures: starts, end: Int(last.offset))
        #expect(unnamed == [])
    }

    @Test func inAJournal() throws {
        let store = try TinyStore(.journal, in: directory)
        let structures = try structures(of: store)
        let last = try #require(structures.frames.last)
        let unnamed = try unnamed(
            store, store.file, structures: structures.frames.map { Int($0.offset) }, end: Int(last.offset))
        #expect(unnamed == [])
    }

    /// Page headers too, though no frame's checksum covers them here; and Bloom filters.
    @Test func inAMergedSegment() throws {
        let store = try TinyStore(.merged, in: directory)
        let unnamed = try unnamed(store, store.file)
        #expect(unnamed == [])
    }

    /// Versions and checkpoints, and what names the last one. The segment that they name is not read again for each bit.
    @Test func inTheLog() throws {
        let store = try TinyStore(.sealed, in: directory)
        let checkpoint = try store.writeCheckpoint()
        let layout = StoreLayout(root: store.path)
        #expect(try store.verify().problems == [])
        for file in [
            "_delta_log/00000000000000000000.json", "_delta_log/00000000000000000001.json", checkpoint,
            "_delta_log/_last_checkpoint",
        ] {
            let bytes = try store.bytes(of: file)
            let unnamed = try FlippedBits(of: 0..<bytes.count).unnamed(file) { bit in
                try LogHistory(
                    layout: layout, system: AlteredSystem("\(store.path)/\(file)", bytes, flipping: bit)
                ).problems.contains { $0.file == file }
            }
            #expect(unnamed == [])
        }
    }

    @Test func inWhatIsPrivateToTheStore() throws {
        let store = try TinyStore(.journal, in: directory)
        try ErasureIntent(identities: [2, 77]).write(StoreLayout(root: store.path), PosixSystem())
        for file in ["_spillway/store.json", "_spillway/erase.json"] {
            let unnamed = try unnamed(store, file)
            #expect(unnamed == [])
        }
    }
}
