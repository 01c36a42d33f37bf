import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// Another process merges segments while the writer goes on between its row groups.
    func compact() throws {
        note("compact")
        let system = machine.start()
        defer { machine.kill(system) }
        var policy = CompactionPolicy()
        policy.segmentBytes = UInt64.random(in: 4...64, using: &random) << 10
        policy.rowGroupRows = Int.random(in: 8...80, using: &random)
        let compaction = Compaction(storeAt: Self.path, policy: policy, system: system)
        let stopsAfter = Int.random(in: 1...40, using: &random)
        var asked = 0
        var broken: (any Error)?
        do throws(StoreError) {
            let report = try compaction.run(
                shouldStop: {
                    asked += 1
                    return asked > stopsAfter || broken != nil
                },
                onProgress: { _, _ in
                    do { try self.work() } catch { broken = broken ?? error }
                })
            note("compacted \(report.segmentsBefore) segments into \(report.segmentsAfter)", report.segmentsBefore)
        } catch {
            note("not compacted: \(error)")
            guard case .system = error, hadFaults || !machine.isRunning(system) else {
                throw BrokenPromise("compaction fails: \(error)")
            }
        }
        if let broken { throw broken }
    }
}
