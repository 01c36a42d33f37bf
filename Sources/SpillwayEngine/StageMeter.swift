import SpillwayPlatform
import Synchronization

/// Adds up what each stage takes, on all threads.
final class StageMeter: Sendable {
    /// Its three figures are added to one by one: whoever reads meanwhile may see some of a lap only.
    private struct Sum: ~Copyable {
        let count = Atomic<Int>(0)
        let processorNs = Atomic<Int64>(0)
        let elapsedUs = Atomic<Int64>(0)
    }

    private let sums: InlineArray<11, Sum> = InlineArray { _ in Sum() }
    private let system: any System

    init(system: any System) {
        self.system = system
        precondition(sums.count == StageTimes.Stage.allCases.count)
    }

    func add(_ spent: TimeSpent, to stage: StageTimes.Stage) {
        sums[stage.rawValue].count.add(spent.count, ordering: .relaxed)
        sums[stage.rawValue].processorNs.add(spent.processorNs, ordering: .relaxed)
        sums[stage.rawValue].elapsedUs.add(spent.elapsedUs, ordering: .relaxed)
    }

    var times: StageTimes {
        var times = StageTimes()
        for stage in StageTimes.Stage.allCases {
            times[stage] = TimeSpent(
                count: sums[stage.rawValue].count.load(ordering: .relaxed),
                processorNs: sums[stage.rawValue].processorNs.load(ordering: .relaxed),
                elapsedUs: sums[stage.rawValue].elapsedUs.load(ordering: .relaxed))
        }
        return times
    }

    /// The calling thread's time.
    func now() -> (processorNs: Int64, us: Int64) { (system.threadProcessorNs(), system.monotonicUs()) }
}
