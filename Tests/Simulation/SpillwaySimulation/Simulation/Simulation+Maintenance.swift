import SpillwayPlatform
import SpillwayStore

extension Simulation {
    // MARK: Compaction

    /// Another process merges segments while the writer, if there is one, goes on between its row groups.
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
            let result = try compaction.run(
                shouldStop: {
                    asked += 1
                    return asked > stopsAfter || broken != nil
                },
                onProgress: { _, _ in
                    do { try self.goOnBesideMaintenance() } catch { broken = broken ?? error }
                })
            if result.segmentsBefore > 0 { report.compactions += 1 }
            note("compacted \(result.segmentsBefore) segments into \(result.segmentsAfter)", result.segmentsBefore)
        } catch {
            try acceptFailure(of: "compaction", error, system)
        }
        if let broken { throw broken }
    }

    private func goOnBesideMaintenance() throws {
        try work()
        guard Int.random(in: 0..<8, using: &random) == 0 else { return }
        let other = machine.start()
        defer { machine.kill(other) }
        do throws(StoreError) {
            _ = try Vacuum(storeAt: Self.path, retentionMs: 0, system: other).run()
        } catch {
            note("no vacuum meanwhile: \(error)")
            if case .underMaintenance = error { return }
            return try acceptFailure(of: "vacuum", error, other)
        }
        throw BrokenPromise("a store is vacuumed while it is compacted")
    }

    func acceptFailure(of work: String, _ error: StoreError, _ system: SimulatedSystem) throws {
        note("\(work) fails: \(error)")
        switch error {
        case .system where hadFaults || machine.faults.canFail || !machine.isRunning(system): return
        // Before the store was made for good.
        case .missing, .notAStore:
            if writer == nil, model.acknowledged.isEmpty { return }
        default: break
        }
        throw BrokenPromise("\(work) fails: \(error)")
    }

    // MARK: Vacuum

    /// Another process deletes files that are older than some time. Who has taken a view since then reads on.
    func vacuum() throws {
        if writer != nil, Bool.random(using: &random) {
            // Somebody reads what is replaced just now.
            try hold()
            try compact()
        }
        let hourMs: Int64 = 3_600_000
        let retentionMs = [0, hourMs, Vacuum.defaultRetentionMs][Int.random(in: 0..<3, using: &random)]
        if Bool.random(using: &random) { pause(us: (retentionMs + 1) * 1000) }
        note("vacuum, retention \(retentionMs) ms", Int(retentionMs))
        let system = machine.start()
        defer { machine.kill(system) }
        let latestMs = system.wallMs() - retentionMs
        letGoOfViews { $0.earliestMs <= latestMs }
        do throws(StoreError) {
            let items = try Vacuum(storeAt: Self.path, retentionMs: retentionMs, system: system).run()
            note("vacuumed \(items.count) files", items.count)
            report.vacuums += 1
            report.vacuumedFiles += items.count
        } catch {
            try acceptFailure(of: "vacuum", error, system)
        }
        loseWhatADeviceLost()
        try readHeldViews()
        try readBesideWriter()
    }

    /// With nobody writing and nothing to be kept for anybody, a vacuum leaves the table's files and no others.
    func vacuumAll() throws {
        let left: [String]? = try withoutFaults { system in
            // Clocks may have jumped since files were taken out.
            machine.jumpWallClock(ms: 365 * 86_400_000)
            report.vacuumedFiles += try Vacuum(storeAt: Self.path, retentionMs: 0, system: system).run().count
            report.vacuums += 1
            let live = Set(try StoreView(path: Self.path, system: system).segments.map(\.path))
            let files = try system.list(Self.path).filter { !$0.hasPrefix("_") }.map { "\(Self.path)/\($0)" }
            let layout = StoreLayout(root: Self.path)
            let temporary = try system.list(layout.log).filter { $0.hasSuffix(".tmp") }
            let merging = try system.exists(layout.compaction) ? system.list(layout.compaction) : []
            return files.filter { !live.contains($0) } + temporary + merging
        }
        if let left, !left.isEmpty { throw BrokenPromise("vacuum leaves \(left.sorted())") }
    }
}
