import FoundationEssentials
import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// The engine erases some persons, who may be any: registered, about to be, unknown.
    func erase() throws {
        guard let writer else { return }
        let victims = victims()
        note("erase \(victims.sorted())", victims.count)
        let registered = victims.filter { model.judged[$0] != nil }
        let doubtful = model.doubtful
        letGoOfViews()
        model.beginErasure(of: registered)
        if Int.random(in: 0..<3, using: &random) == 0 { armDeath(within: 60) }
        let erased: Int
        do throws(EngineError) {
            erased = try writer.engine.erase(victims.sorted().map { Identity(rawValue: $0) })
        } catch {
            note("not erased: \(error)")
            guard case .store(.system) = error, hadFaults || !machine.isRunning(writer.system) else {
                throw BrokenPromise("erasure fails: \(error)")
            }
            return try noticeFailedSyncs()
        }
        note("erased \(erased)", erased)
        guard !registered.isEmpty else {
            if erased > 0 { throw BrokenPromise("\(erased) registrations were erased, and nobody was registered") }
            return
        }
        guard (registered.subtracting(doubtful).count...registered.union(doubtful).count).contains(erased) else {
            throw BrokenPromise("\(erased) registrations were erased of \(registered.count)")
        }
        try settleErasure(of: victims)
        try poll()
        guard let left = self.writer?.pending.count, left == 0 else {
            throw BrokenPromise("erased with batches unanswered")
        }
        let known = writer.engine.registrationCount
        if known != model.judged.count { throw BrokenPromise("\(known) identities known of \(model.judged.count)") }
    }

    /// The same where no engine is open, as a tool does it.
    func eraseOffline() throws {
        guard try withoutFaults({ try StoreView(path: Self.path, system: $0).rowCount }) != nil else { return }
        let victims = victims()
        note("erase \(victims.sorted()) offline", victims.count)
        letGoOfViews()
        model.beginErasure(of: victims.filter { model.judged[$0] != nil })
        let system = machine.start()
        do throws(StoreError) {
            let opened = try Store.open(Self.path, system: system)
            try opened.store.settle(opened.view)
            _ = try Erasure(storeAt: Self.path, system: system).run(victims)
        } catch {
            try acceptFailure(of: "erasure", error, system)
            if !machine.isRunning(system) { return crash(Bool.random(using: &random) ? .kill : .powerLoss) }
            machine.kill(system)
            return loseWhatADeviceLost()
        }
        machine.kill(system)
        loseWhatADeviceLost()
        try settleErasure(of: victims)
    }

    private func victims() -> Set<UInt64> {
        var victims = Set(
            model.judged.keys.sorted().shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)))
        if Int.random(in: 0..<4, using: &random) == 0 { victims.insert(random.next()) }
        return victims
    }

    /// An erasure has returned: nothing of its victims is left, and nobody else is missing.
    private func settleErasure(of victims: Set<UInt64>) throws {
        report.erasures += 1
        guard let stored = try read() else { throw BrokenPromise("there is no store after an erasure") }
        if let left = victims.filter({ stored.rows[$0] != nil }).min() {
            throw BrokenPromise("\(left) is still stored")
        }
        if let problem = model.problem(with: stored, mustHold: .written) { throw BrokenPromise(problem) }
        report.erasedRegistrations += model.doubtful.count { stored.rows[$0] == nil }
        model.settleErasure(stored.rows)
        if !(try identitiesInIntent() ?? []).isEmpty { throw BrokenPromise("the intent outlives its erasure") }
        try searchForTraces(of: victims, in: Self.path)
    }

    /// No file holds one of the identities, nor is there any whose rows are not in the table.
    private func searchForTraces(of identities: Set<UInt64>, in directory: String) throws {
        let found = try withoutFaults { system in
            let live = Set(try StoreView(path: Self.path, system: system).segments.map(\.path))
            let dead = try system.list(Self.path).map { "\(Self.path)/\($0)" }
                .filter { $0.hasSuffix(".parquet") && !live.contains($0) }
            return try dead + IdentityTraces(identities).files(in: directory, system)
        }
        if let found, !found.isEmpty { throw BrokenPromise("erased identities are left in \(Set(found).sorted())") }
    }

    // MARK: What a crash interrupts

    private struct Intent: Decodable { var identities: [UInt64] }

    /// Whom an interrupted erasure is removing, as its file says; nil if there is none.
    func identitiesInIntent() throws -> Set<UInt64>? {
        let bytes = try withoutFaults { system in
            let path = StoreLayout(root: Self.path).erasure
            return try system.exists(path) ? system.readAll(path) : nil
        }
        guard let bytes = bytes ?? nil else { return nil }
        guard let intent = try? JSONDecoder().decode(Intent.self, from: Data(bytes)) else {
            throw BrokenPromise("the erasure's intent cannot be read")
        }
        return Set(intent.identities)
    }

    /// Whoever opens the store next erases these: they had better be meant.
    func checkIntent(_ identities: Set<UInt64>) throws {
        letGoOfViews()
        for identity in identities.sorted() where model.judged[identity] != nil && !model.doubtful.contains(identity) {
            throw BrokenPromise("an opening would erase \(identity), which nobody asked for")
        }
    }

    /// Where an erasure that a crash interrupted took somebody out of the table, it was finished: whoever was durable
    /// before it is in no file.
    func checkInterrupted(_ stored: StoredRows) throws {
        let gone = model.durableDoubtful.filter { stored.rows[$0] == nil }
        if gone.isEmpty { return }
        let found = try withoutFaults { try IdentityTraces(gone).segments(in: Self.path, $0) }
        if let found, !found.isEmpty {
            throw BrokenPromise("an erasure was left half done: \(gone.sorted()) are in \(found.sorted())")
        }
    }

    /// The store is open: what was begun is done.
    func checkResumed(_ identities: Set<UInt64>, _ stored: StoredRows) throws {
        report.resumedErasures += 1
        note("finished an erasure", identities.count)
        if let left = identities.filter({ stored.rows[$0] != nil }).min() {
            throw BrokenPromise("\(left) is stored though its erasure was begun")
        }
        if try identitiesInIntent() != nil { throw BrokenPromise("an opening leaves an erasure undone") }
    }
}
