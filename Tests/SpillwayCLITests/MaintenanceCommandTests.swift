import Foundation
import SpillwayTestSupport
import Testing

@Suite struct MaintenanceCommandTests {
    private let directory = TemporaryDirectory()
    private var store: String { directory.path("store") }

    /// A store of several small files: each replay closes its own.
    private func replayInParts() throws {
        for limit in ["4000", "8000", "12000"] {
            let run = try CommandRun("replay", calmDay, "--store", store, "--limit", limit, "--scale", "0.01")
            #expect(run.status == 0, "\(run.errors)")
        }
    }

    private func count() throws -> Int {
        let run = try CommandRun("query", "--store", store, "--format", "json")
        return try #require(run.json([[String: Any]].self).first?["registrations"] as? Int)
    }

    @Test func compactMergesAndVacuumDeletes() throws {
        try replayInParts()
        let rows = try count()
        let compacted = try CommandRun("compact", "--store", store, "--format", "json").json([String: Any].self)
        #expect(compacted["filesBefore"] as? Int == 3 && compacted["filesAfter"] as? Int == 1)
        #expect(compacted["registrations"] as? Int == rows)
        #expect(
            try CommandRun("compact", "--store", store).output == "Nothing to merge: the files are large already.\n")

        #expect(try CommandRun("vacuum", "--store", store).output == "Nothing to delete.\n")
        let arguments = ["vacuum", "--store", store, "--retention", "0s", "--format", "json"]
        let listed = try CommandRun(arguments + ["--dry-run"]).json([[String: Any]].self)
        #expect(listed.count == 3 && listed.allSatisfy { $0["reason"] as? String == "replaced" })
        #expect(try CommandRun(arguments).json([[String: Any]].self).count == 3)
        #expect(try CommandRun(arguments).json([[String: Any]].self).isEmpty)
        #expect(try directory.names(in: "store").filter { $0.hasSuffix(".parquet") }.count == 1)
        #expect(try count() == rows)
    }

    @Test func erasedIdentitiesAreNotFound() throws {
        let csv = directory.path("people.csv")
        try """
        registered_at,identity,country,platform,source,latency_us
        2021-10-04T15:40:00Z,5511912345678,BR,ios,organic,7
        2021-10-04T15:40:01Z,4915112345678,DE,ios,organic,8

        """.write(toFile: csv, atomically: true, encoding: .utf8)
        #expect(try CommandRun("replay", csv, "--store", store).status == 0)
        let erase = ["erase", "--store", store, "+5511912345678"]
        #expect(try CommandRun(erase).output == "Erased 1 registration.\n")
        #expect(try CommandRun(erase + ["--format", "json"]).json([String: Int].self) == ["erased": 0])
        let found = try CommandRun("lookup", "--store", store, "--format", "json", "5511912345678", "4915112345678")
        #expect(try found.json([[String: Any]].self).map { $0["found"] as? Bool ?? true } == [false, true])
    }

    @Test func wrongUsageAndMissingStoresAreTold() throws {
        #expect(try CommandRun("vacuum", "--store", store, "--retention", "soon").status == 64)
        #expect(try CommandRun("erase", "--store", store).status == 64)
        for command in ["compact", "vacuum"] {
            let run = try CommandRun(command, "--store", store)
            #expect(run.status == 65 && run.errors.contains("there is no such store"))
        }
        let run = try CommandRun("erase", "--store", store, "5511912345678")
        #expect(run.status == 65)
        #expect(try !directory.names(in: "").contains("store"))
    }
}
