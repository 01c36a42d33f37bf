import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayBench

struct RoundsTests {
    @Test func `Cases take turns, and warm-ups do not count`() throws {
        var order: [Int] = []
        let rounds = InterleavedRounds(title: "", unitsPerRun: 1, warmUps: 1, repetitions: 2)
        let figures = try rounds.run(cases: 3) { index in
            order.append(index)
            return ["run": Double(order.count)]
        }
        #expect(order == [0, 1, 2, 0, 1, 2, 0, 1, 2])
        #expect(figures == [[["run": 4], ["run": 7]], [["run": 5], ["run": 8]], [["run": 6], ["run": 9]]])
    }

    @Test func `Lists are split at commas, and every value must be one`() throws {
        #expect(try #require(OptionList<Int>(argument: "1,2,4")).values == [1, 2, 4])
        #expect(try #require(OptionList<IdentityKind>(argument: "e164,random")).values == [.e164, .random])
        for wrong in ["", "1,", "1,x", ",1"] { #expect(OptionList<Int>(argument: wrong) == nil, "\(wrong)") }
    }

    @Test func `A prepared trace is cut into batches of one size, whatever its identities look like`() throws {
        let plain = try PreparedTrace(path: calmDay, limit: 10_000, batchSize: 777, identities: .e164)
        let random = try PreparedTrace(path: calmDay, limit: 10_000, batchSize: 777, identities: .random)
        #expect(plain.attempts == 10_000 && random.attempts == 10_000)
        #expect(plain.batches.dropLast().allSatisfy { $0.count == 777 })
        #expect(plain.batches.last?.count == 10_000 % 777)
        let (before, after) = (plain.identities, random.identities)
        #expect(Set(before).count == Set(after).count)
        #expect(after == before.map { IdentityKind.random($0) })
        // Telephone numbers have at most 15 digits; random ones use all bits.
        #expect(before.allSatisfy { $0.rawValue < 1_000_000_000_000_000 })
        #expect(after.reduce(0) { $0 | $1.rawValue } == .max)
    }

    @Test func `A limit beyond the surge takes what comes before it too`() throws {
        let directory = TemporaryDirectory()
        let text = try String(contentsOfFile: calmDay, encoding: .utf8).replacing("1_500_000", with: "20_000")
        let day = try directory.file("day.yaml", text.utf8)
        let whole = try PreparedTrace(path: day, limit: .max, batchSize: 5_000, identities: .e164)
        #expect((20_000..<21_000).contains(whole.attempts))
        let most = try PreparedTrace(path: day, limit: whole.attempts - 10, batchSize: 5_000, identities: .e164)
        #expect(most.attempts == whole.attempts - 10)
    }

    @Test func `Loads go to the CSV, and known identities to shares of the empty store's rate`() {
        let cases = [(1, 0), (2, 0), (2, 1000)].map { ScaleCase(processors: $0.0, known: $0.1) }
        let rates = [[10.0, 12, 11], [20, 21, 22], [14, 13, 14.7]]
        let result = ScaleResult(cases: cases, figures: rates.map { $0.map { ["attemptsPerSecond": $0] } })
        #expect(result.csv == "load,throughput\n1,10.0\n1,12.0\n1,11.0\n2,20.0\n2,21.0\n2,22.0\n")
        #expect(result.derived["rateWith1000Known"]?.isClose(to: 14 / 21, within: 1e-12) == true)
        #expect(result.derived["uslLambda"]?.isClose(to: 11, within: 1e-6) == true)
        #expect(result.derived["uslSigma"]?.isClose(to: 22 / 21 - 1, within: 1e-5) == true)
    }

    @Test func `Shares are of the limits that were measured beside`() throws {
        var counts = OutcomeCounts()
        counts.accepted = 900_000
        counts.duplicates = 100_000
        let result = IngestRun.Result(
            seconds: 0.5, processorSeconds: 0.8, counts: counts, storedBytes: 9_000_000,
            peakEngineBytes: 1, producers: 2, queries: QueryLoop.Figures(), stages: nil)
        let limits = HardwareLimits(diskBytesPerSecond: 100e6, insertsPerSecond: 10e6)
        func values(_ durability: Durability) -> [String: Double] {
            IngestFigures(result: result, processors: 2, limits: limits, durability: durability).values
        }
        let synced = values(.synced)
        #expect(synced["attemptsPerSecond"] == 2e6 && synced["registrationsPerSecond"] == 1.8e6)
        #expect(synced["processorSecondsPerMillion"] == 0.8 && synced["bytesPerRegistration"] == 10)
        #expect(synced["processorShare"] == 0.8 && synced["insertShare"] == 0.2 && synced["diskShare"] == 0.18)
        // Nobody waits for the disk there.
        #expect(values(.written)["diskShare"] == nil)
        #expect(
            IngestFigures.nearestLimit([synced])
                == "of the machine's limits: processors 80 %, random inserts 20 %, disk 18 %")
        #expect(Set(synced.keys).isSubset(of: IngestFigures.metrics.map(\.name)))
    }
}

extension PreparedTrace {
    fileprivate var identities: [Identity] {
        batches.flatMap { batch in (0..<batch.count).map { batch[$0].identity } }
    }
}
