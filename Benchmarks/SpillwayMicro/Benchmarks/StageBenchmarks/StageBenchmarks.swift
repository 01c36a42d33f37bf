import Benchmark
import SpillwayStages

/// Rows of a good row group, so that the working set is as large as in a surge.
private let rows = 524_288

let benchmarks: @Sendable () -> Void = {
    // The harness keeps whole numbers.
    let cost = BenchmarkMetric.custom("Picoseconds per row or KiB", useScalingFactor: false)
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, cost], timeUnits: .microseconds, units: [cost: .count], warmupIterations: 2,
        maxDuration: .seconds(2), maxIterations: 200)
    for stage in Stage.all {
        Benchmark(stage.name) { benchmark, work in
            try work.reset()
            let clock = ContinuousClock()
            benchmark.startMeasurement()
            let start = clock.now
            try work.run()
            let end = clock.now
            benchmark.stopMeasurement()
            benchmark.measurement(cost, (end - start).picoseconds / work.unitCount)
        } setup: {
            try stage.prepare(rows: rows)
        }
    }
}

extension Duration {
    fileprivate var picoseconds: Int {
        Int(components.seconds) * 1_000_000_000_000 + Int(components.attoseconds / 1_000_000)
    }
}
