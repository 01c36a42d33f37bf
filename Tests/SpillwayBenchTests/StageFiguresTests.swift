import SpillwayConsole
import SpillwayEngine
import SpillwayPlatform
import Testing

@testable import SpillwayBench

struct StageFiguresTests {
    /// A million attempts by two producers in 0.1 s, with 0.16 s of processor time.
    private let figures: StageFigures = {
        var times = StageTimes()
        let ns: [(StageTimes.Stage, Int64)] = [
            (.route, 20_000_000), (.admit, 1_000_000), (.judge, 60_000_000), (.lockWait, 500_000), (.cut, 2_000_000),
            (.encode, 50_000_000), (.write, 6_000_000), (.sync, 3_000_000), (.settle, 1_000_000), (.seal, 4_000_000),
            (.handOff, 2_500_000),
        ]
        for (stage, ns) in ns { times[stage] = TimeSpent(count: 10, processorNs: ns, elapsedUs: ns / 500) }
        return StageFigures(times: times, attempts: 1_000_000, producers: 2, seconds: 0.1, processorSeconds: 0.16)
    }()

    @Test func `Stages and the rest make up the processor time`() throws {
        let parts = StageFigures.metrics.filter { $0.whole != nil }.compactMap { figures.values[$0.name] }
        #expect(parts.count == 10)
        #expect(parts.reduce(0, +).isClose(to: 160, within: 1e-9))
        #expect(figures.values["routeNs"] == 20 && figures.values["encodeNs"] == 50)
        #expect(figures.values["restNs"]?.isClose(to: 10, within: 1e-9) == true)
    }

    @Test func `Taking room, waiting for locks and waking others are hand-offs`() {
        #expect(figures.values["handOffNs"] == 4)
        #expect(figures.values["handOffShare"]?.isClose(to: 0.004 / 0.16, within: 1e-9) == true)
    }

    @Test func `Waits are shares of the time that they are taken from`() {
        let values = figures.values
        #expect(values["lockWaitsPerMillion"] == 10)
        #expect(values["lockWaitShare"]?.isClose(to: 0.001 / 0.2, within: 1e-9) == true)
        #expect(values["roomWaitShare"]?.isClose(to: 0.002 / 0.2, within: 1e-9) == true)
        #expect(values["writeShare"]?.isClose(to: 0.12, within: 1e-9) == true)
        #expect(values["syncShare"]?.isClose(to: 0.06, within: 1e-9) == true)
        #expect(Set(values.keys) == Set(StageFigures.metrics.map(\.name)))
    }

    @Test func `Parts are drawn beside each other, the largest longest`() throws {
        let report = BenchmarkReport(
            command: "ingest", settings: [:], metrics: StageFigures.metrics,
            cases: [BenchmarkReport.Case(settings: [:], repetitions: [figures.values])])
        let lines = report.table().split(separator: "\n")
        let judge = try #require(lines.first { $0.hasPrefix("judge") })
        #expect(judge.contains("60.00") && judge.contains("37.5") && judge.hasSuffix(Bar.filled(1, width: 24)))
        let route = try #require(lines.first { $0.hasPrefix("route") })
        #expect(route.contains("12.5") && route.hasSuffix(" " + Bar.filled(1.0 / 3, width: 24)))
        // Among the parts only.
        #expect(lines.count { $0.hasPrefix("judge") } == 1)
    }

    @Test func `What was not measured is not drawn`() {
        let report = BenchmarkReport(
            command: "ingest", settings: [:], metrics: IngestFigures.metrics,
            cases: [BenchmarkReport.Case(settings: [:], repetitions: [["attemptsPerSecond": 1e6]])])
        #expect(!report.table().contains("processor time goes") && report.table().contains("attempts/s"))
    }
}
