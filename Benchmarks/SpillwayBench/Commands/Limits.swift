import ArgumentParser
import SpillwayConsole
import SpillwayPlatform

/// `spillway-bench limits`: what any engine could reach here at most.
struct Limits: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What this machine can do: durable appends, memory, random inserts, LZ4, CRC-32C.",
        discussion: """
            Appends go to one file, each made durable (fdatasync) before the next; latency is that of an append with its \
            sync. Memory is read and copied beyond every cache. Inserts are of random 8-byte keys into hash tables of 1 \
            GiB. LZ4 and CRC-32C take pages of 64 KiB, from cache, on one thread.

            EXAMPLES
              spillway-bench limits
              spillway-bench limits --directory /mnt/other --repetitions 10
              spillway-bench limits --format json --output limits.json
            """)

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    private static let metrics = [
        Metric(name: "bytesPerSecond", title: "MB/s", better: .higher, places: 0, scale: 1e6),
        Metric(name: "latencyP50Us", title: "p50 latency, µs", better: .lower, places: 0),
        Metric(name: "latencyP99Us", title: "p99 latency, µs", better: .lower, places: 0),
        Metric(name: "insertsPerSecond", title: "million inserts/s", better: .higher, places: 1, scale: 1e6),
        Metric(name: "ratio", title: "compressed to, %", better: .lower, places: 1, scale: 0.01),
    ]

    private static let appendBytes = [64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20]
    private static let appendSeconds = 0.3

    func run() throws {
        let probes = try makeProbes()
        let figures = try plan.rounds("limits", unitsPerRun: 1).run(cases: probes.count) { try probes[$0].measure() }
        try report.write(
            BenchmarkReport(
                command: "limits", settings: plan.settings, metrics: Self.metrics,
                cases: zip(probes, figures).map { .init(settings: $0.settings, repetitions: $1) }))
    }

    private struct Probe {
        var settings: [String: String]
        var measure: () throws -> [String: Double]
    }

    private static func size(_ bytes: Int) -> String { bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB" }
    private static func count(_ threads: Int) -> String { threads == 1 ? "1 thread" : "\(threads) threads" }

    private func makeProbes() throws -> [Probe] {
        let counts = Set([1, Process.processorCount]).sorted()
        let (memory, inserts) = (try MemoryProbe(), try InsertProbe())
        return appends + counts.flatMap { self.memory(memory, threads: $0) }
            + counts.map { self.inserts(inserts, threads: $0) } + codecs
    }

    private var appends: [Probe] {
        Self.appendBytes.map { bytes in
            Probe(settings: ["what": "durable appends of \(Self.size(bytes))"]) {
                let result = try DiskProbe.measure(
                    in: plan.directory, appendBytes: bytes, seconds: Self.appendSeconds)
                return [
                    "bytesPerSecond": result.bytesPerSecond, "latencyP50Us": result.latencyUs.median,
                    "latencyP99Us": result.latencyUs.percentile(99),
                ]
            }
        }
    }

    private func memory(_ probe: MemoryProbe, threads: Int) -> [Probe] {
        [
            Probe(settings: ["what": "memory read, \(Self.count(threads))"]) {
                ["bytesPerSecond": try probe.readBytesPerSecond(threads: threads)]
            },
            Probe(settings: ["what": "memory copied, \(Self.count(threads))"]) {
                ["bytesPerSecond": try probe.copyBytesPerSecond(threads: threads)]
            },
        ]
    }

    private func inserts(_ probe: InsertProbe, threads: Int) -> Probe {
        Probe(settings: ["what": "random inserts, \(Self.count(threads))"]) {
            ["insertsPerSecond": try probe.insertsPerSecond(threads: threads)]
        }
    }

    private var codecs: [Probe] {
        let probe = CodecProbe()
        return [
            Probe(settings: ["what": "LZ4 compression"]) {
                ["bytesPerSecond": probe.compressedBytesPerSecond(), "ratio": probe.ratio]
            },
            Probe(settings: ["what": "LZ4 decompression"]) {
                ["bytesPerSecond": probe.decompressedBytesPerSecond()]
            },
            Probe(settings: ["what": "CRC-32C"]) { ["bytesPerSecond": probe.checksummedBytesPerSecond()] },
        ]
    }
}
