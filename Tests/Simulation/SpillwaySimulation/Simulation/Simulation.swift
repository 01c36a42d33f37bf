import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport

/// An engine and its store on a machine whose calls fail, whose processes die and whose power goes, driven at random
/// from one seed and compared with a model after every crash.
package final class Simulation {
    static let path = "/srv/store"

    let plan: SimulationPlan
    let machine: SimulatedMachine
    private let logLine: (@Sendable (String) -> Void)?
    var random: SplitMix64
    var stream: SimulatedStream
    var model = SimulationModel()
    var writer: SimulatedWriter?
    /// Views that other processes keep.
    var held: [HeldView] = []
    /// Whether calls could fail at any time since the store was last opened: an engine may say so for a while.
    var hadFaults = false
    /// Power was lost since the store was last opened.
    var lostPowerSinceOpening = false
    /// Failed syncs so far, in any process.
    private var failedSyncs = 0
    /// Whether positions tell what is stored: not after a loss of power took epochs that had not promised to survive it.
    var streamIsExact = true
    /// Commits after a failed sync, which there must never be.
    let violations = Monitor(0)
    var report: SimulationReport
    private var digest: UInt64 = 0

    private init(seed: UInt64, log: (@Sendable (String) -> Void)?) {
        var random = SplitMix64(seed: seed)
        plan = SimulationPlan(&random)
        stream = SimulatedStream(seed: seed, identityCount: plan.identityCount)
        machine = SimulatedMachine(seed: random.next())
        report = SimulationReport(seed: seed)
        self.random = random
        logLine = log
    }

    /// Runs a seed to its end.
    ///
    /// - Parameter log: is told every step and every system call, in a line each.
    package static func run(
        seed: UInt64, log: (@Sendable (String) -> Void)? = nil
    ) throws(SimulationFailure) -> SimulationReport {
        let simulation = Simulation(seed: seed, log: log)
        do {
            try simulation.run()
        } catch let broken as BrokenPromise {
            throw SimulationFailure(seed: seed, step: simulation.report.steps, problem: broken.problem)
        } catch {
            throw SimulationFailure(seed: seed, step: simulation.report.steps, problem: "unforeseen: \(error)")
        }
        simulation.report.diskDigest = simulation.machine.diskDigest
        simulation.report.digest = simulation.machine.digest ^ simulation.digest
        return simulation.report
    }

    struct BrokenPromise: Error {
        var problem: String
        init(_ problem: String) { self.problem = problem }
    }

    private func run() throws {
        if let logLine { machine.logCalls { logLine("    \($0)") } }
        let setup = machine.start()
        try setup.createDirectory("/srv")
        try setup.syncDirectory("/")
        machine.kill(setup)
        while report.steps < plan.stepCount {
            report.steps += 1
            if writer == nil {
                try open()
            } else if hasFailed, Int.random(in: 0..<4, using: &random) == 0 {
                // Sooner or later somebody ends what no longer works.
                crash(Bool.random(using: &random) ? .kill : .powerLoss)
            } else {
                try act(plan.action(&random))
            }
            try buryTheDead()
            loseWhatADeviceLost()
        }
        try finish()
    }

    /// Notes a step, for the digest and for whoever reads along. The text is made for a reader only: it must change
    /// nothing.
    func note(_ step: @autoclosure () -> String, _ number: Int = 0) {
        digest = (digest &* 31) &+ UInt64(report.steps) &+ UInt64(bitPattern: Int64(number)) &+ random.peek
        if let logLine { logLine("\(report.steps) \(step())") }
    }

    func step(_ name: String, _ didWork: Bool) { note("\(name): \(didWork)", didWork ? 1 : 0) }

    private func act(_ action: SimulationPlan.Action) throws {
        guard let writer else { return }
        switch action {
        case .submit: try submit((0..<Int.random(in: 1...plan.batchLimit, using: &random)).map { _ in stream.single() })
        case .submitStream: try submitStream()
        case .sendAgain: try sendAgain()
        case .poll: try poll()
        case .cut: step("cut", writer.steps.cut())
        case .encode: step("encode", writer.steps.encode())
        case .append: try append()
        case .work: try work()
        case .wait: pause(us: Int64.random(in: 100...20_000, using: &random))
        case .jumpClock: jumpClock()
        case .view:
            try readBesideWriter()
            try readOfTheEngine()
            try readHeldViews()
        case .hold: try hold()
        case .compact: try compact()
        case .vacuum: try vacuum()
        case .erase: try erase()
        case .fillDisk: fail("the disk is full") { $0.diskIsFull = true }
        case .useUpFiles: fail("no file can be opened") { $0.filesAreUsedUp = true }
        case .failSyncs: fail("syncs fail") { $0.syncFailuresPer10000 = 4000 }
        case .failCalls: fail("calls fail") { $0.failuresPer10000 = 1000 }
        case .clearFaults: clearFaults()
        case .dieAtCall: armDeath(within: 40)
        case .kill: crash(.kill)
        case .losePower: crash(.powerLoss)
        case .close: try close()
        }
    }

    // MARK: The world

    func pause(us: Int64) {
        note("\(us) µs pass", Int(us))
        machine.advance(us: us)
    }

    private func jumpClock() {
        let ms: Int64 = Bool.random(using: &random) ? 86_400_000 : -86_400_000
        note("the time of day jumps by \(ms) ms", Int(ms))
        machine.jumpWallClock(ms: ms)
        for index in held.indices { held[index].earliestMs = min(held[index].earliestMs, held[index].system.wallMs()) }
    }

    private func fail(_ what: String, _ change: (inout SimulatedFaults) -> Void) {
        note(what)
        hadFaults = true
        change(&machine.faults)
    }

    func clearFaults() {
        note("calls succeed again")
        var faults = SimulatedFaults()
        faults.deathAtCall = machine.faults.deathAtCall
        machine.faults = faults
    }

    func armDeath(within limit: Int) {
        let calls = Int.random(in: 1...limit, using: &random)
        note("all processes die at the \(calls)th call from here", calls)
        machine.faults.deathAtCall = machine.callCount + calls
    }

    // MARK: Crashes

    enum Crash { case kill, powerLoss }

    func crash(_ kind: Crash) {
        note(kind == .kill ? "the process is killed" : "the power goes", kind == .kill ? 1 : 2)
        report.crashes += 1
        machine.faults.deathAtCall = nil
        if let writer { machine.kill(writer.system) }
        if kind == .powerLoss { machine.losePower() }
        writer = nil
        model.lose(all: kind == .kill ? .written : .synced)
        lostPowerSinceOpening = lostPowerSinceOpening || kind == .powerLoss
    }

    /// Death came at a call: it was a kill, or the power.
    private func buryTheDead() throws {
        if let writer, !machine.isRunning(writer.system) {
            crash(Bool.random(using: &random) ? .kill : .powerLoss)
        }
    }

    /// What a failed sync leaves is as after a loss of power: only what was synced before is promised.
    func loseWhatADeviceLost() {
        guard machine.failedSyncCount > failedSyncs else { return }
        failedSyncs = machine.failedSyncCount
        model.lose(all: .synced)
        lostPowerSinceOpening = true
        letGoOfViews()
    }

    /// With all calls succeeding, everything that was taken is answered; it is there after a last loss of power, and
    /// known.
    private func finish() throws {
        machine.faults = SimulatedFaults()
        report.steps += 1
        if writer != nil, !hasFailed { try drain() }
        crash(.powerLoss)
        try damageACopy()
        try open()
        guard writer != nil else { throw BrokenPromise("the store does not open though no call fails") }
        let all = stream.everyIdentity()
        for start in stride(from: 0, to: all.count, by: plan.batchLimit) {
            try submit(Array(all[start..<min(start + plan.batchLimit, all.count)]))
        }
        try drain()
        try close()
        try vacuumAll()
        try readBesideWriter()
        report.registrations = model.acknowledged.count
    }

    var hasFailed: Bool { writer.map { $0.hasFailed || $0.mustBeSilent } ?? false }
}

extension SplitMix64 {
    /// The next number, without taking it.
    fileprivate var peek: UInt64 {
        var copy = self
        return copy.next()
    }
}
