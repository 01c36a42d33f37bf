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
        let failedSeeds = Monitor(0)
        let totals = Monitor((report: SimulationReport(seed: first), seeds: 0))
        try concurrentPerform(seeds, threads: Process.processorCount) { index in
            let seed = first + UInt64(index)
            do throws(SimulationFailure) {
                let report = try Simulation.run(seed: seed)
                totals.withLock { $0.report.add(report) }
            } catch {
                failedSeeds.withLock { count in
                    count += 1
                    tell(error)
                }
                if !keepGoing { throw ExitCode.failure }
            }
            totals.withLock { totals in
                totals.seeds += 1
                if totals.seeds % 50 == 0 { showProgress(totals.seeds) }
            }
        }
        clearProgress()
        let tenths = (MonotonicClock.nowUs() - startUs) / 100_000
        let failed = failedSeeds.withLock { $0 }
        print("\(seeds) seeds from \(first) in \(tenths / 10).\(tenths % 10) s, \(failed) failed")
        print(totals.withLock { $0.report.counts })
        if failed > 0 { throw ExitCode.failure }
    }

    private func replay(_ seed: UInt64) throws {
        do throws(SimulationFailure) {
            let report = try Simulation.run(seed: seed) { print($0) }
            print("seed \(seed): \(report.counts)")
            print("digest \(String(report.digest, radix: 16)), disk \(String(report.diskDigest, radix: 16))")
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
