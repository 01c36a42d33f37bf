import Benchmark
import SpillwayStages

/// Rows of a good row group, so that the working set is as large as in a surge.
private let rows = 524_288

let benchmarks: @Sendable () -> Void = {
    let ratio = BenchmarkMetric.custom("Yardstick steps per unit (thousandths)", useScalingFactor: false)
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, ratio], timeUnits: .microseconds, warmupIterations: 2, maxDuration: .seconds(3),
        maxIterations: 200, thresholds: [ratio: .init(relative: [.p50: 35])])
    for stage in Stage.all {
        Benchmark(stage.name) { benchmark, sample in
            try sample.reset()
            let clock = ContinuousClock()
            let start = clock.now
            benchmark.startMeasurement()
            try sample.run()
            benchmark.stopMeasurement()
            benchmark.measurement(ratio, sample.ratio(to: clock.now - start))
        } setup: {
            try StageSample(stage, rows: rows)
        }
    }
}
