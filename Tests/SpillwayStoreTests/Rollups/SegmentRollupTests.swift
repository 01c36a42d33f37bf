import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Whatever made a segment, its rollup counts its rows.
@Suite struct SegmentRollupTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    /// Counts each segment's rows, and returns how many segments there are.
    private func checkSegments(_ view: StoreView) throws -> Int {
        let reader = RowGroupReader()
        for segment in view.segments {
            var rows: [PackedRow] = []
            let file = try segment.openFile()
            for rowGroup in segment.rowGroups {
                try reader.read(rowGroup, from: file)
                let block = RowBlockPool().take()
                for row in 0..<reader.rowCount { reader.append(row: row, to: block) }
                rows += UnsafeBufferPointer(start: block.rows, count: block.count)
            }
            let rollup = try #require(try segment.loadRollup())
            #expect(counts(rollup) == counts(rows), "\(segment.path)")
        }
        return view.segments.count
    }

    private func view() throws -> StoreView { try StoreView(path: path, system: system) }

    private func problems() throws -> [Problem] { try Verification(path: path, system: system).run().problems }

    @Test func afterSealing() throws {
        try writeSegments([0..<3_000, 3_000..<3_010], rowGroups: 3, to: path, system: system)
        #expect(try checkSegments(view()) == 2)
        #expect(try problems() == [])
    }

    @Test func inAnOpenSegmentAndAfterItsRecovery() throws {
        do {
            let store = try Store.open(path, system: system).store
            try store.append(rowGroups: [rowGroupFrame(0..<40), rowGroupFrame(40..<900)], epoch: epoch(1))
            try store.append(rowGroups: [rowGroupFrame(900..<901)], epoch: epoch(2))
            try store.sync()
        }
        #expect(try checkSegments(view()) == 1)
        #expect(try view().open.count == 1)
        _ = try Store.open(path, system: system)
        #expect(try checkSegments(view()) == 1)
        #expect(try view().open.count == 0)
        #expect(try problems() == [])
    }

    @Test func afterCompactionErasureAndRepair() throws {
        try writeSegments([0..<300, 300..<600, 600..<601], to: path, system: system)
        var policy = CompactionPolicy()
        policy.rowGroupRows = 100
        _ = try Compaction(storeAt: path, policy: policy, system: system).run()
        #expect(try checkSegments(view()) == 1)
        #expect(try view().segments.first?.name.kind == .merged)
        _ = try Store.open(path, system: system)
        #expect(try Erasure(storeAt: path, system: system).run([0, 7, 450, 600]).rowCount == 4)
        #expect(try checkSegments(view()) == 1)
        #expect(try view().rowCount == 597)
        #expect(try problems() == [])
        let repaired = directory.path("repaired")
        _ = try Repair(path: path, newPath: repaired, system: system).run()
        #expect(try checkSegments(StoreView(path: repaired, system: system)) == 1)
    }

    /// A file whose rows were all erased.
    @Test func ofNoRows() throws {
        try writeSegments([0..<3], to: path, system: system)
        #expect(try Erasure(storeAt: path, system: system).run([0, 1, 2]).rowCount == 3)
        let segment = try #require(try view().segments.first)
        #expect(try segment.rowCount == 0 && segment.loadRollup() == Rollup())
        #expect(try problems() == [])
        let file = String(segment.path.dropFirst(path.count + 1))
        let bytes = try system.readAll(segment.path)
        let unnamed = try FlippedBits(of: 0..<bytes.count).unnamed(file) { bit in
            let altered = AlteredSystem(segment.path, bytes, flipping: bit)
            return try Verification(path: path, system: altered).run().problems.contains { $0.file == file }
        }
        #expect(unnamed == [])
    }

    /// As an earlier version wrote it.
    @Test func aSegmentWithoutOneIsRead() throws {
        try writeSegments([0..<300, 300..<310], to: path, system: system)
        for segment in try view().segments {
            let file = try system.open(segment.path, .write)
            var footer = try SegmentFooter(reading: file)
            try footer.loadPageIndexes(from: file)
            let end = try #require(footer.framesEnd)
            try file.truncate(to: end)
            try footer.write(to: file, at: end)
        }
        for segment in try view().segments { #expect(try segment.loadRollup() == nil) }
        #expect(try rows(view()) == (0..<310).map { Row($0) })
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try checkSegments(view()) == 1)
    }

    /// One row group that cannot be counted leaves its segment without.
    @Test func rowsThatCannotBeCountedAreRead() throws {
        let block = RowBlockPool().take()
        var row = Row(900).packed
        row.registeredAt = .max
        block.append(row)
        let frame = FrameBuffer()
        RowGroupBuilder().build([block], into: frame)
        do {
            let store = try Store.open(path, system: system).store
            try store.append(rowGroups: [rowGroupFrame(0..<9), frame], epoch: epoch(1))
            try store.sync()
        }
        for _ in 0..<2 {
            #expect(try view().segments.map { try $0.loadRollup() } == [nil])
            #expect(try view().rowCount == 10)
            #expect(try problems() == [])
            _ = try Store.open(path, system: system)
        }
    }

    private func damage(_ error: StoreError?) -> (path: String, offset: UInt64)? {
        if case .damaged(let path, let offset, _) = error { (path, offset) } else { nil }
    }

    /// Rows are read all the same; verification names the place, and repair counts anew.
    @Test func aFlippedBitIsNamedAndCostsNoRow() throws {
        try writeSegments([0..<30], to: path, system: system)
        let segment = try #require(try view().segments.first)
        let place = try #require(try SegmentFooter(reading: system.open(segment.path, .read)).rollupPlace)
        let bytes = try system.readAll(segment.path)
        for bit in FlippedBits(of: Int(place.lowerBound)..<Int(place.upperBound)) {
            let altered = AlteredSystem(segment.path, bytes, flipping: bit)
            let view = try StoreView(path: path, system: altered)
            let error = #expect(throws: StoreError.self) { try view.segments.map { try $0.loadRollup() } }
            let found = try #require(damage(error))
            #expect(found.path == segment.path && found.offset == place.lowerBound)
            #expect(try segmentRows(view).count == 30)
        }
        let altered = AlteredSystem(segment.path, bytes, flipping: Int(place.lowerBound) * 8)
        let name = String(segment.path.dropFirst(path.count + 1))
        #expect(
            try Verification(path: path, system: altered).run().problems == [
                Problem(file: name, offset: place.lowerBound, problem: "a rollup does not match its checksum")
            ])
        let repaired = directory.path("repaired")
        let report = try Repair(path: path, newPath: repaired, system: altered).run()
        #expect(report.losses == [] && report.registrations == 30)
        #expect(try checkSegments(StoreView(path: repaired, system: system)) == 1)
    }

    /// Sound in itself, and of other rows.
    @Test(arguments: [false, true]) func oneOfOtherRowsIsNamed(isOpen: Bool) throws {
        let store = try Store.open(path, system: system).store
        let honest = rowGroupFrame(0..<9)
        // As many rows of another platform, or one row less.
        let other = rowGroupFrame(isOpen ? (0..<9).map { $0 * 3 } : Array(1..<9))
        let frame = FrameBuffer()
        frame.begin()
        honest.withBody { frame.bytes.append($0) }
        frame.end(rowGroup: try #require(honest.rowGroup), rollup: other.rollup)
        try store.append(rowGroups: [frame], epoch: epoch(1))
        try store.sync()
        if !isOpen { try store.seal() }
        let segment = try #require(try view().segments.first)
        let found = try problems()
        #expect(found.count == (isOpen ? 1 : 2))
        #expect(found.allSatisfy { $0.problem.contains("does not count") && segment.path.hasSuffix($0.file) })
        // Of the counts, only their sum is known without reading rows.
        let rollup = Result { try segment.loadRollup() }
        switch rollup {
        case .success: #expect(isOpen)
        case .failure(let error): #expect(!isOpen && "\(error)".contains("counts 8 of 9 rows"))
        }
    }
}
