import Foundation
import SpillwayTestSupport
import Testing

@testable import SpillwayBench

/// The program itself, on little data.
struct CommandTests {
    private let directory = TemporaryDirectory()

    /// Its report, if it succeeds; nothing may be left of its stores.
    private func report(_ arguments: String...) throws -> BenchmarkReport { try report(arguments) }

    private func report(_ arguments: [String]) throws -> BenchmarkReport {
        let common = ["--repetitions", "2", "--warm-ups", "0", "--directory", directory.path, "--format", "json"]
        let run = try BenchRun(arguments + common).finish()
        #expect(run.status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        return try JSONDecoder().decode(BenchmarkReport.self, from: run.output)
    }

    @Test func `Ingestion is swept over every combination`() throws {
        let report = try report(
            "ingest", "--trace", calmDay, "--limit", "20000", "--batch", "500,5000", "--identities", "e164,random",
            "--no-limits")
        #expect(report.cases.count == 4)
        #expect(Set(report.cases.map(\.settings)).count == 4)
        #expect(report.cases.allSatisfy { Set($0.settings.keys) == ["batch", "identities"] })
        #expect(report.settings["attempts"] == "20000" && report.settings["durability"] == "synced")
        for part in report.cases {
            #expect(part.repetitions.count == 2)
            #expect(part.repetitions.allSatisfy { ($0["attemptsPerSecond"] ?? 0) > 0 })
            #expect(part.repetitions.allSatisfy { (5...40).contains($0["bytesPerRegistration"] ?? 0) })
        }
    }

    @Test func `Stages are measured unless they are left out`() throws {
        let input = ["ingest", "--trace", calmDay, "--limit", "20000", "--batch", "500", "--no-limits"]
        let figures = try #require(try report(input).cases.first?.repetitions)
        for name in ["routeNs", "judgeNs", "cutNs", "writeNs", "syncNs", "handOffNs", "handOffShare", "syncShare"] {
            #expect(figures.count == 2 && figures.allSatisfy { ($0[name] ?? 0) > 0 }, "\(name)")
        }
        let without = try #require(try report(input + ["--no-stages"]).cases.first?.repetitions)
        #expect(without.allSatisfy { $0["attemptsPerSecond"] != nil && $0["routeNs"] == nil })
    }

    @Test func `Queries are asked while others ingest`() throws {
        let report = try report(
            "ingest", "--trace", calmDay, "--limit", "20000", "--queries", "0,1000", "--no-limits", "--no-stages")
        #expect(report.cases.map(\.settings) == [["queries": "0"], ["queries": "1000"]])
        #expect(report.cases[0].repetitions.allSatisfy { $0["queryMs"] == nil })
        #expect(
            report.cases[1].repetitions.allSatisfy { ($0["queryMs"] ?? 0) > 0 && ($0["queriesPerSecond"] ?? 0) > 0 })
    }

    @Test func `Known identities are none of those that are measured`() throws {
        let report = try report(
            "scale", "--trace", calmDay, "--limit", "20000", "--processors", "1", "--known", "0,100000", "--no-limits")
        #expect(report.cases.map(\.settings["known"]) == ["0", "100000"])
        let accepted = report.cases.flatMap(\.repetitions).map { figures in
            20000 * (figures["registrationsPerSecond"] ?? 0) / (figures["attemptsPerSecond"] ?? 0)
        }
        let expected = try #require(accepted.first)
        #expect(
            accepted.count == 4 && expected > 10000 && accepted.allSatisfy { $0.isClose(to: expected, within: 1e-9) })
    }

    /// Each shard doubles a table of 8 to 16 bytes a key, at times of its own.
    @Test func `Identities take twelve bytes between them`() throws {
        let report = try report("index", "--identities", "4000000")
        let figures = try #require(report.cases.first?.repetitions)
        #expect(figures.count == 2)
        for figure in figures {
            let (mean, worst) = (figure["meanBytesPerIdentity"] ?? 0, figure["worstBytesPerIdentity"] ?? 0)
            #expect((11...12.5).contains(mean) && (mean...13).contains(worst))
            #expect((figure["batchMaxUs"] ?? 0) >= (figure["batchP50Us"] ?? .infinity))
        }
    }

    @Test func `A killed store is recovered whole`() throws {
        let report = try report("recover", "--make", "30000", "--trace", calmDay)
        let registrations = report.cases.flatMap { $0.repetitions.compactMap { $0["registrations"] } }
        #expect(registrations.count == 2 && registrations.allSatisfy { $0 >= 30000 })
    }

    @Test func `Questions are answered`() throws {
        let report = try report("query", "--make", "30000", "--trace", calmDay, "--lookups", "100")
        let engines = Dictionary(grouping: report.cases) { $0.settings["engine"] ?? "" }
        #expect(engines.count == 2 && engines.values.allSatisfy { $0.count == 10 })
        for cases in engines.values {
            let rows = Dictionary(
                uniqueKeysWithValues: cases.map { ($0.settings["question"] ?? "", $0.repetitions[0]["rows"]) })
            #expect(rows["count by region"] == 7)
            #expect(rows["look up 100 registrations"] == 100)
        }
    }

    @Test func `A run that is told to end leaves nothing behind`() throws {
        let run = try BenchRun([
            "ingest", "--trace", calmDay, "--limit", "50000", "--batch", "100", "--repetitions", "1000", "--no-limits",
            "--directory", directory.path,
        ])
        while try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty { usleep(1000) }
        run.terminate()
        #expect(run.finish().status == 128 + SIGTERM)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    private static let refusals: [(arguments: [String], status: Int32)] = [
        (["ingest", "--trace", "absent.yaml"], 74), (["ingest", "--trace", #filePath], 65),
        (["ingest", "--directory", "/absent"], 64), (["ingest", "--shards", "3"], 64),
        (["ingest", "--output", "/absent/report.json"], 64), (["recover", "/"], 65), (["query", "/"], 65),
        (["query", "--make", "1000000000000"], 74), (["scale", "--processors", "100000"], 64),
        (["latency", "--duration", "0"], 64), (["latency", "--bare-appends", "0"], 64),
        (["latency", "--directory", "/absent"], 64), (["knee", "--duration", "-1"], 64),
        (["knee", "--repetitions", "0"], 64), (["knee", "--growth", "1"], 64),
        (["compare", #filePath, #filePath], 65), (["compare", "absent.json", "absent.json"], 74),
    ]

    @Test(arguments: refusals)
    func `What cannot be done is said by the exit status`(arguments: [String], status: Int32) throws {
        #expect(try BenchRun(arguments).finish().status == status)
    }
}
