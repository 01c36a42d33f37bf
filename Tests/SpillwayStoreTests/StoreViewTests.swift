import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct StoreViewTests {
    /// Views taken while a writer journals, flushes, recycles and seals: each is all epochs up to some last one, no
    /// row twice, and never less than the one before.
    @Test func aViewBesideAWriterIsAWholePrefix() throws {
        let directory = TemporaryDirectory()
        let path = directory.path("store")
        let system = PosixSystem()
        let store = try Store.open(path, system: system).store
        let isDone = Monitor(false)
        let reader = Monitor<[String]>([])
        let thread = WorkerThread {
            var last = 0
            while !isDone.withLock({ $0 }) {
                do {
                    let view = try StoreView(path: path, system: system)
                    let found = try identities(view)
                    let expected = Array(0..<UInt64(view.lastEpoch.number) * 10)
                    if found != expected || found.count < last {
                        reader.withLock { $0.append("\(found.count) rows after \(last), epoch \(view.lastEpoch)") }
                    }
                    last = found.count
                } catch {
                    reader.withLock { $0.append("\(error)") }
                }
            }
        }
        for number in 1...300 as ClosedRange<UInt64> {
            let identities = (number - 1) * 10..<number * 10
            if number % 5 == 0 {
                // All that waited in the journal goes into the segment with this epoch.
                try store.append(rowGroups: [rowGroupFrame((number - 5) * 10..<number * 10)], epoch: epoch(number))
                try store.sync()
                try store.recycleJournal()
            } else {
                try store.append(journalRecord: journalFrame(identities), epoch: epoch(number))
                try store.sync()
            }
            if number % 20 == 0 { try store.seal() }
        }
        isDone.withLock { $0 = true }
        thread.join()
        #expect(reader.withLock { $0 } == [])
        #expect(try identities(StoreView(path: path, system: system)) == Array(0..<3_000))
    }
}
