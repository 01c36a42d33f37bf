import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import Testing

@testable import SpillwayStore

/// Maintenance on a simulated machine that dies, loses its power or refuses at each call in turn: the store opens with
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
                try opened.store.settle(opened.view.journaled)
                _ = try Erasure(storeAt: path, system: system).run(victims)
            }
        }
    }

    enum Fate: CaseIterable {
        case killed, withoutPower, refused
    }

    /// Sealed segments, what is left of compacted ones, and a journal.
    private func machineWithStore(seed: UInt64) throws -> SimulatedMachine {
        let machine = SimulatedMachine(seed: seed)
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
        var call = 0
        var isInterrupted = true
        while isInterrupted {
            call += 1
            let machine = try machineWithStore(seed: UInt64(call))
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
        machine.losePower()
        let after = machine.start()
        #expect(try rows(Store.open(Self.path, system: after).view) == (work == .erasure ? left : all), comment)
        if work == .erasure {
            #expect(try filesHolding(Self.victims, in: Self.path, after) == [], comment)
        }
    }
}
