import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// What another process reads, beside a writer or after a crash: no more and no less than may be there.
    func readBesideWriter() throws {
        note("read beside the writer")
        guard let stored = try read() else {
            guard model.acknowledged.isEmpty else {
                throw BrokenPromise("there is no store, and it has promises to keep")
            }
            return
        }
        // What is only in the writer's memory no reader can see.
        if let problem = model.problem(with: stored, mustHold: .written) { throw BrokenPromise("read: \(problem)") }
    }

    /// What the engine's own view holds: what its files do, and all that it has answered. Of an engine that has failed,
    /// the files may hold more, or have lost what was never synced.
    func readOfTheEngine() throws {
        guard let writer, !hasFailed else { return }
        note("read of the engine")
        let faults = machine.faults
        machine.faults = SimulatedFaults()
        defer { machine.faults = faults }
        let stored: StoredRows
        do {
            stored = try writer.engine.read { try StoredRows($0) }
        } catch let error as EngineError where hadFaults && writer.durability == .memory {
            // What was answered waits for the disk, or will never be written.
            if !error.isTransient { self.writer?.hasFailed = true }
            return
        } catch {
            throw BrokenPromise("the engine gives no view: \(error)")
        }
        if let problem = model.problem(with: stored, mustHold: .memory) {
            throw BrokenPromise("the engine's view: \(problem)")
        }
        let files = try read()
        guard stored.rows == files?.rows, stored.outcomes == files?.outcomes else {
            throw BrokenPromise("the engine's view is not what its files hold")
        }
    }

    /// Everything in the store; nil if it is not there yet.
    func read() throws -> StoredRows? {
        try withoutFaults { reader in try StoredRows(StoreView(path: Self.path, system: reader)) }
    }

    /// Lets a process of its own read the store, without any call failing; nil if there is no store yet.
    func withoutFaults<Result>(_ body: (SimulatedSystem) throws -> Result) throws -> Result? {
        let faults = machine.faults
        machine.faults = SimulatedFaults()
        defer { machine.faults = faults }
        let reader = machine.start()
        defer { machine.kill(reader) }
        do {
            return try body(reader)
        } catch StoreError.missing, StoreError.notAStore {
            return nil
        } catch let broken as BrokenPromise {
            throw broken
        } catch {
            throw BrokenPromise("read: \(error)")
        }
    }

    // MARK: Views that are kept

    /// A process takes a view and keeps it.
    func hold() throws {
        note("hold a view")
        if held.count == Self.heldLimit { letGo(of: held.removeFirst()) }
        let faults = machine.faults
        machine.faults = SimulatedFaults()
        defer { machine.faults = faults }
        let system = machine.start()
        let view: StoreView
        do throws(StoreError) {
            view = try StoreView(path: Self.path, system: system)
        } catch {
            throw BrokenPromise("no view can be taken: \(error)")
        }
        held.append(
            HeldView(system: system, view: view, rows: try StoredRows(view).rows, earliestMs: system.wallMs()))
    }

    private static let heldLimit = 3

    /// Views that were taken a while ago hold what they held.
    func readHeldViews() throws {
        held.removeAll { !machine.isRunning($0.system) }
        let faults = machine.faults
        machine.faults = SimulatedFaults()
        defer { machine.faults = faults }
        for held in held {
            let rows: [UInt64: Registration]
            do {
                rows = try StoredRows(held.view).rows
            } catch {
                throw BrokenPromise("a view that was taken before can no longer be read: \(error)")
            }
            if rows != held.rows { throw BrokenPromise("a view that was taken before has changed") }
        }
    }

    /// Forgets views that were promised nothing beyond this.
    func letGoOfViews(where mayBreak: (HeldView) -> Bool = { _ in true }) {
        for view in held where mayBreak(view) { letGo(of: view) }
        held.removeAll { !machine.isRunning($0.system) }
    }

    private func letGo(of view: HeldView) { machine.kill(view.system) }
}
