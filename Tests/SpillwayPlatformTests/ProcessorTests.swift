import SpillwayPlatform
import Testing

struct ProcessorTests {
    /// On a thread of its own, as a thread that is kept to a processor stays so.
    @Test func `A thread that is kept to one processor counts one, and so do those that it starts`() throws {
        let all = CurrentThread.processors
        let last = try #require(all.last)
        let seen = Monitor<[[Int]]>([])
        WorkerThread {
            guard (try? CurrentThread.run(on: [last])) != nil else { return }
            seen.withLock { $0.append(CurrentThread.processors) }
            WorkerThread { seen.withLock { $0.append(CurrentThread.processors + [Process.processorCount]) } }.join()
        }.join()
        #expect(seen.withLock { $0 } == [[last], [last, 1]])
        #expect(Process.processorCount == all.count)
    }

    @Test func `No processor to run on is an error`() {
        #expect(throws: SystemError.self) { try CurrentThread.run(on: []) }
    }
}
