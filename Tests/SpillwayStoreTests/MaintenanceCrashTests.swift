import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import Testing

@testable import SpillwayStore

/// Maintenance on a simulated machine that loses its power or refuses at each call in turn: the store opens with
/// exactly its rows, and the work can be done again.
@Suite struct MaintenanceCrashTests {
    private static let path = "/store"
    private static let identities = wide(0..<60)
    private static let victims = [wide(0..<1)[0], wide(25..<26)[0], wide(55..<56)[0]]

    enum Work: CaseIterable {
        case compaction, vacuum, erasure

        func run(on system: any System) throws {
            switch self {
            case .compaction: _ = try Compaction(storeAt: path, system: system).run()
            case .vacuum: _ = try Vacuum(storeAt: path, retentionMs: 0, system: system).run()
            case .erasure:
                let opened = try Store.open(path, system: system)
                try opened.store.settle(opened.view)
                _ = try Erasure(storeAt: path, system: system).run(victims)
            }
        }
    }

    enum Fate: CaseIterable {
        case withoutPower, refused
    }

    /// Sealed segments, what is left of compacted ones, and a journal.
    private func machineWithStore() throws -> SimulatedMachine {
        let machine = SimulatedMachine(seed: 1)
        let system = machine.start()
        try writeSegments([wide(0..<20), wide(20..<40)], to: Self.path, system: system)
        _ = try Compaction(storeAt: Self.path, system: system).run()
        try writeSegments([wide(40..<50)], to: Self.path, system: system)
        do {
            let store = try Store.open(Self.path, system: system).store
            try store.append(journalRecord: journalFrame(wide(50..<60)), epoch: epoch(4))
            try store.sync()
        }
        machine.kill(system)
        return machine
    }

    @Test(arguments: Work.allCases, Fate.allCases)
    func everyCallMayBeTheLast(_ work: Work, _ fate: Fate) throws {
        let original = try machineWithStore()
        var call = 0
        var isInterrupted = true
        while isInterrupted {
            call += 1
            let machine = SimulatedMachine(copyOf: original, seed: UInt64(call))
            let system = machine.start()
            if fate == .refused {
                machine.faults.scheduled = [machine.callCount + call: 5]
            } else {
                machine.faults.deathAtCall = machine.callCount + call
            }
            let last = machine.callCount + call
            do { try work.run(on: system) } catch {}
            isInterrupted = machine.callCount >= last
            machine.faults = SimulatedFaults()
            if fate == .withoutPower { machine.losePower() } else { machine.kill(system) }
            try check(work, machine, "\(work), \(fate) at call \(call)")
        }
        #expect(call > 10)
    }

    /// A version of the log that a killed process left may be seen and not yet durable: what it takes out of the table
    /// must not be deleted before it is.
    @Test func aVacuumDeletesNothingThatALossOfPowerWouldBringBack() throws {
        let original = try machineWithStore()
        var call = 0
        var isInterrupted = true
        while isInterrupted {
            call += 1
            let machine = SimulatedMachine(copyOf: original, seed: UInt64(call))
            let compacting = machine.start()
            let last = machine.callCount + call
            machine.faults.deathAtCall = last
            do { try Work.compaction.run(on: compacting) } catch {}
            isInterrupted = machine.callCount >= last
            machine.faults = SimulatedFaults()
            machine.kill(compacting)
            try Work.vacuum.run(on: machine.start())
            machine.losePower()
            let found = try rows(Store.open(Self.path, system: machine.start()).view)
            #expect(found == Self.identities.map { Row($0) }, "killed at call \(call)")
        }
        #expect(call > 10)
    }

    private func check(_ work: Work, _ machine: SimulatedMachine, _ comment: Comment) throws {
        let system = machine.start()
        let all = Self.identities.map { Row($0) }
        let left = all.filter { !Self.victims.contains($0.identity) }
        do {
            let found = try rows(Store.open(Self.path, system: system).view)
            // An erasure is done from when its intent is durable.
            #expect(found == all || (work == .erasure && found == left), comment)
            if found == left {
                #expect(try filesHolding(Self.victims, in: Self.path, system) == [], comment)
            }
        }
        try work.run(on: system)
        #expect(try rows(StoreView(path: Self.path, system: system)) == (work == .erasure ? left : all), comment)
        // Nothing half-made stays behind.
        #expect(try Maintenance(StoreLayout(root: Self.path), system).strays().leftovers == [], comment)
        guard work == .erasure else { return }
        machine.losePower()
        let after = machine.start()
        #expect(try rows(Store.open(Self.path, system: after).view) == left, comment)
        #expect(try filesHolding(Self.victims, in: Self.path, after) == [], comment)
    }
}
