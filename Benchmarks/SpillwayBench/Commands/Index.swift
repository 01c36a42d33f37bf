import ArgumentParser
import Spillway
import SpillwayEngine
import SpillwayLatency
import SpillwayPlatform

/// `spillway-bench index`: what identities take in memory, and what growth makes a batch wait.
struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How much memory the identity index takes, and how long its growth holds up a batch.",
        discussion: """
            One thread fills the shards' indexes from empty with random identities, a batch to one shard after the \
            other. Bytes are of all shards together, when a batch is done: on average over the second half of the \
            filling, in which each shard grows once, and at the worst time. A batch that begins or goes on with \
            growth moves some of what is there, and is the first to touch memory: what one huge page of that takes by \
            itself is measured before.

            EXAMPLES
              spillway-bench index
              spillway-bench index --identities 500000000 --batch 4096
            """)

    @Option(help: ArgumentHelp("Identities to fill in.", valueName: "n"))
    var identities = 70_000_000

    @Option(help: ArgumentHelp("Identities that a shard is given at once.", valueName: "n"))
    var batch = 1024

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    private static let metrics = [
        Metric(name: "identitiesPerSecond", title: "million identities/s", better: .higher, places: 2, scale: 1e6),
        Metric(name: "meanBytesPerIdentity", title: "bytes per identity, on average", better: .lower, places: 2),
        Metric(name: "worstBytesPerIdentity", title: "bytes per identity, at worst", better: .lower, places: 2),
        Metric(name: "batchP50Us", title: "batch p50, µs", better: .lower, places: 1),
        Metric(name: "batchP9999Us", title: "batch p99.99, µs", better: .lower, places: 1),
        Metric(name: "batchMaxUs", title: "batch max, µs", better: .lower, places: 1),
        Metric(name: "touchP50Us", title: "first touch of a huge page p50, µs", better: .lower, places: 1),
        Metric(name: "touchP99Us", title: "first touch of a huge page p99, µs", better: .lower, places: 1),
    ]

    func validate() throws {
        guard batch > 0, (1...1 << 40).contains(identities) else {
            throw ValidationError("give 1 or more --identities, and for --batch")
        }
    }

    func run() throws {
        let figures = try plan.rounds("index", unitsPerRun: identities).run(cases: 1) { _ in try measure() }
        try report.write(
            BenchmarkReport(
                command: "index",
                settings: ["identities": "\(identities)", "batch": "\(batch)"].merging(plan.settings) { $1 },
                metrics: Self.metrics, cases: [.init(settings: [:], repetitions: figures[0])]))
    }

    private func measure() throws -> [String: Double] {
        let touches = try Self.touchHugePages()
        let shards = try FilledShard.all(of: EngineConfiguration().shardCount)
        var random = SplitMix64(seed: 1)
        var batchNs: [Int64] = []
        var bytesPerIdentity: [Double] = []
        let startNs = MonotonicClock.nowNs()
        var count = 0
        while count < identities {
            for shard in shards {
                let beginNs = MonotonicClock.nowNs()
                try shard.fill(batch, &random)
                batchNs.append(MonotonicClock.nowNs() - beginNs)
            }
            count += batch * shards.count
            if count > identities / 2 {
                bytesPerIdentity.append(Double(shards.reduce(0) { $0 + $1.index.byteCount }) / Double(count))
            }
        }
        let seconds = Double(MonotonicClock.nowNs() - startNs) / 1e9
        let latencies = LatencyHistogram(batchNs.lazy.map { ($0, 1) })
        return [
            "identitiesPerSecond": Double(count) / seconds,
            "meanBytesPerIdentity": bytesPerIdentity.reduce(0, +) / Double(bytesPerIdentity.count),
            "worstBytesPerIdentity": bytesPerIdentity.max() ?? 0,
            "batchP50Us": latencies.us(atPercentile: 50), "batchP9999Us": latencies.us(atPercentile: 99.99),
            "batchMaxUs": latencies.maxUs,
            "touchP50Us": touches.us(atPercentile: 50), "touchP99Us": touches.us(atPercentile: 99),
        ]
    }

    /// Memory that nobody has used for a while, as growth finds it.
    private static func touchHugePages() throws(BenchmarkError) -> LatencyHistogram {
        let byteCount = 256 << 20
        guard let memory = MappedMemory(byteCount: byteCount) else { throw .noMemory(bytes: byteCount) }
        let touches = stride(from: 0, to: byteCount, by: MappedMemory.hugePageBytes).map { offset in
            let beginNs = MonotonicClock.nowNs()
            memory.base.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
            return MonotonicClock.nowNs() - beginNs
        }
        return LatencyHistogram(touches.lazy.map { ($0, 1) })
    }
}

/// A shard's index by itself.
private final class FilledShard {
    var index: IdentityIndex

    private init(_ index: consuming IdentityIndex) { self.index = index }

    static func all(of count: Int) throws(BenchmarkError) -> [FilledShard] {
        let limitBytes = EngineConfiguration().memoryLimitBytes / count
        return try (0..<count).map { number throws(BenchmarkError) in
            let index = IdentityIndex(
                sharedBits: count.trailingZeroBitCount, limitBytes: limitBytes, phase: Double(number) / Double(count))
            guard let index else { throw .noMemory(bytes: limitBytes) }
            return FilledShard(index)
        }
    }

    func fill(_ count: Int, _ random: inout SplitMix64) throws(BenchmarkError) {
        guard index.reserve(count) >= count else { throw .noMemory(bytes: index.byteCount) }
        for _ in 0..<count { _ = index.insert(random.next()) }
    }
}
