import ArgumentParser
import SpillwayPlatform
import SpillwaySimulation

/// Runs the deterministic simulation of engine and store, a seed at a time.
@main
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spillway-simulate",
        abstract: "Drive engine and store on a simulated machine that loses its power.")

    @Option(help: "How many seeds to run.")
    var seeds = 1000

    @Option(help: "The first seed.")
    var first: UInt64 = 0

    @Flag(help: "Go on after a failure, and count the seeds that fail.")
    var keepGoing = false

    @Option(help: "Run this seed alone, and print every step and system call.")
    var seed: UInt64?

    func validate() throws {
        guard seeds > 0 else { throw ValidationError("--seeds must be 1 or more") }
        guard UInt64.max - first >= UInt64(seeds) else { throw ValidationError("--first is too large") }
    }

    func run() throws {
        if let seed { return try replay(seed) }
        let startUs = MonotonicClock.nowUs()
        var totals = SimulationReport(seed: first)
        var failedSeeds = 0
        for seed in first..<(first + UInt64(seeds)) {
            do throws(SimulationFailure) {
                add(try Simulation.run(seed: seed), to: &totals)
            } catch {
                tell(error)
                failedSeeds += 1
                if !keepGoing { throw ExitCode.failure }
            }
            if seed % 50 == 0 { showProgress(Int(seed - first) + 1) }
        }
        clearProgress()
        let tenths = (MonotonicClock.nowUs() - startUs) / 100_000
        print(
            "\(seeds) seeds from \(first) in \(tenths / 10).\(tenths % 10) s: \(totals.steps) steps, "
                + "\(totals.openings) openings, \(totals.crashes) crashes, \(failedSeeds) seeds failed")
        if failedSeeds > 0 { throw ExitCode.failure }
    }

    private func replay(_ seed: UInt64) throws {
        do throws(SimulationFailure) {
            let report = try Simulation.run(seed: seed) { print($0) }
            print(
                "seed \(seed): \(report.steps) steps, \(report.openings) openings, \(report.crashes) crashes, "
                    + "\(report.registrations) registrations; digest \(String(report.digest, radix: 16))")
        } catch {
            tell(error)
            throw ExitCode.failure
        }
    }

    private func tell(_ failure: SimulationFailure) {
        clearProgress()
        print("\(failure)")
        print("replay with: \(Process.name) --seed \(failure.seed)")
    }

    private func add(_ report: SimulationReport, to totals: inout SimulationReport) {
        totals.steps += report.steps
        totals.openings += report.openings
        totals.crashes += report.crashes
    }

    // MARK: Progress, for a person who waits

    private func showProgress(_ done: Int) {
        guard Terminal.isInteractive(.error) else { return }
        try? Terminal.write("\r\(done) of \(seeds) seeds", to: .error)
    }

    private func clearProgress() {
        guard Terminal.isInteractive(.error) else { return }
        try? Terminal.write("\r\u{1B}[2K", to: .error)
    }
}
