import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct ErasureTests {
    private let system = PosixSystem()
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }

    /// Opens the store as its writer and erases, as the program does.
    private func erase(_ identities: [UInt64]) throws -> Int {
        let opened = try Store.open(path, system: system)
        try opened.store.settle(opened.view)
        return try Erasure(storeAt: path, system: system).run(identities).rowCount
    }

    /// The least and the greatest identity of segments stand in statistics, page indexes and frames, too; others in
    /// columns alone; one only in the journal; one in no file at all.
    @Test func noFileHoldsAnErasedIdentity() throws {
        try writeSegments([wide(0..<300), wide(300..<600), wide(600..<900)], to: path, system: system)
        do {
            let store = try Store.open(path, system: system).store
            try store.append(journalRecord: journalFrame(wide(900..<950)), epoch: epoch(4))
            try store.sync()
        }
        let least = wide(0..<1)[0]
        let victims = [least, wide(299..<300)[0], wide(450..<451)[0], wide(925..<926)[0]]
        for victim in victims {
            #expect(try !filesHolding([victim], in: path, system).isEmpty)
        }
        // Leftovers hold it, too.
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try filesHolding([least], in: path, system).count == 2)

        #expect(try erase(victims + [7]) == 4)
        for victim in victims {
            #expect(try filesHolding([victim], in: path, system) == [])
        }
        let expected = wide(0..<950).filter { !victims.contains($0) }.map { Row($0) }
        #expect(try rows(StoreView(path: path, system: system)) == expected)
        #expect(try rows(Store.open(path, system: system).view) == expected)
        #expect(try !system.exists(StoreLayout(root: path).erasure))
    }

    @Test func onlySegmentsThatHoldOneAreRewritten() throws {
        try writeSegments([wide(0..<300), wide(300..<600)], to: path, system: system)
        #expect(try erase([wide(10..<11)[0]]) == 1)
        #expect(try StoreView(path: path, system: system).segments.map(\.name.kind) == [.merged, .surge])
        #expect(try erase([wide(10..<11)[0]]) == 0)
    }

    /// Who reads while files are deleted sees the store before the erasure or after it.
    @Test func aReaderWhoseFileGoesReadsAnew() throws {
        try writeSegments([wide(0..<30), wide(30..<60)], to: path, system: system)
        let victim = wide(10..<11)[0]
        var readings = 0
        let read = try StoreView.read(path, system: system) { view in
            readings += 1
            if readings == 1 { #expect(try erase([victim]) == 1) }
            return try rows(view)
        }
        #expect(readings == 2)
        #expect(read == wide(0..<60).filter { $0 != victim }.map { Row($0) })
    }

    /// Epochs go on from the last, though no row of it is left.
    @Test func aSegmentMayLoseAllOfItsRows() throws {
        try writeSegments([wide(0..<3), wide(3..<5)], to: path, system: system)
        #expect(try erase(Array(wide(3..<5))) == 2)
        let opened = try Store.open(path, system: system)
        #expect(try rows(opened.view) == wide(0..<3).map { Row($0) })
        #expect(opened.store.lastEpoch == epoch(2))
        try opened.store.append(rowGroups: [rowGroupFrame(wide(3..<4))], epoch: epoch(3))
        try opened.store.sync()
        try opened.store.seal()
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try rows(StoreView(path: path, system: system)) == wide(0..<4).map { Row($0) })
    }

    /// A segment that the writer has sealed and not entered into the log yet is not taken for a stray.
    @Test func whatIsAboutToEnterTheTableStays() throws {
        let store = try Store.open(path, system: system).store
        try store.append(rowGroups: [rowGroupFrame(wide(0..<10))], epoch: epoch(1))
        try store.sync()
        try store.seal()
        let layout = StoreLayout(root: path)
        let other = SegmentName(number: 1, salt: 5)
        try makeSegment(wide(10..<20), as: other, epoch: epoch(2), layout)
        _ = try Erasure(storeAt: path, system: system).run([wide(3..<4)[0]])
        #expect(try system.exists(layout.sealed(other)))
        #expect(try rows(StoreView(path: path, system: system)).count == 19)
    }

    private func makeSegment(_ identities: [UInt64], as name: SegmentName, epoch: EpochMark, _ layout: StoreLayout)
        throws
    {
        let segment = try OpenSegment(name, layout: layout, system: system)
        try segment.append([rowGroupFrame(identities)], epoch: epoch)
        _ = try segment.writeFooter()
        try system.rename(layout.open(name), to: layout.sealed(name))
    }

    @Test func aDamagedIntentIsReported() throws {
        try writeSegments([wide(0..<3)], to: path, system: system)
        let layout = StoreLayout(root: path)
        try ErasureIntent(identities: [wide(1..<2)[0]]).write(layout, system)
        // One bit makes it somebody else's number.
        let file = try system.open(layout.erasure, .write)
        let digit = try #require(try file.readAll().firstIndex { (0x30...0x37).contains($0) })
        let byte = try file.readBytes(count: 1, at: UInt64(digit))[0]
        try file.write([byte ^ 1], at: UInt64(digit))
        #expect {
            try Store.open(path, system: system)
        } throws: { error in
            guard case StoreError.damaged(let path, _, _) = error else { return false }
            return path == layout.erasure
        }
    }
}
