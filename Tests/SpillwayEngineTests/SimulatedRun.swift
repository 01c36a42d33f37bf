import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import SpillwayTestSupport

@testable import SpillwayEngine

/// A small stream of batches, small epochs and large ones, on a simulated machine: every path of the commit in a few
/// hundred system calls, none of them left to chance.
struct SimulatedRun {
    static let path = "/store"
    let machine: SimulatedMachine
    let batches: [RegistrationBatch]

    init(seed: UInt64 = 1, batchSizes: [Int] = [3, 40, 2, 1, 120, 5, 30, 2, 90, 1]) {
        machine = SimulatedMachine(seed: seed)
        var generator = SplitMix64(seed: seed)
        var time: Int64 = 0
        batches = batchSizes.map { size in
            RegistrationBatch(
                (0..<size).map { _ in
                    time += 1
                    return registration(generator.next() % 150, at: time, latencyUs: Int(time))
                })
        }
    }

    static var configuration: EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.shardCount = 4
        configuration.indexBytes = 1 << 20
        configuration.rowGroupRows = 30
        configuration.largeEpochRows = 20
        configuration.segmentBytes = 4_000
        configuration.journalReserveBytes = 400
        return configuration
    }

    /// Attempts before the batch.
    func start(of batch: Int) -> UInt64 { batches[..<batch].reduce(0) { $0 + UInt64($1.count) } }

    /// What the store holds in the end: of each identity the first attempt.
    var expected: [UInt64: Registration] { expected(upTo: start(of: batches.count)) }

    func expected(upTo position: UInt64) -> [UInt64: Registration] {
        let attempts = batches.flatMap { batch in (0..<batch.count).map { batch[$0] } }.prefix(Int(position))
        return Dictionary(attempts.map { ($0.identity.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func open(_ system: SimulatedSystem) throws(EngineError) -> Engine {
        try Engine.open(at: Self.path, configuration: Self.configuration, system: system, drive: .steps)
    }
}

extension Engine {
    /// Does all that is at hand.
    func work() {
        guard let steps else { return }
        while steps.cut() || steps.encode() || steps.append() {}
    }

    /// Has a batch judged and committed; nil if its commit does not come.
    func ingestNow(_ batch: RegistrationBatch) throws(EngineError) -> Acknowledgement? {
        let ticket = try submit(batch)
        _ = try ticket.poll()
        work()
        return try ticket.poll()
    }
}
