import Foundation
import SpillwayTestSupport
import Testing

/// What docs and scripts rely on, asked of the built program.
struct ReplayCommandTests {
    @Test func aReplayCountsWhatItDidAndQueryAgrees() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        let run = try CommandRun(
            "replay", calmDay, "--store", store, "--scale", "0.002", "--seed", "7", "--producers", "3",
            "--batch", "64",
            "--format", "json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let report = try run.json([String: Any].self)
        let (attempts, accepted) = (report["attempts"] as? Int ?? 0, report["accepted"] as? Int ?? 0)
        #expect(accepted == 3000)
        #expect(attempts == accepted + (report["duplicates"] as? Int ?? -1))
        #expect((report["refused"] as? [String: Int])?.isEmpty == true)
        #expect(report["durability"] as? String == "synced")
        #expect(report["trace"] as? String != nil)
        for key in [
            "seconds", "attemptsPerSecond", "bytesOnDisk", "bytesPerRegistration", "peakResidentBytes",
        ] {
            #expect((report[key] as? Double ?? 0) > 0, "\(key)")
        }
        let rows = try CommandRun("query", "--store", store, "--by", "region", "--format", "json")
            .json([[String: Any]].self)
        let counted = Dictionary(
            uniqueKeysWithValues: rows.map {
                ($0["region"] as? String ?? "", $0["registrations"] as? Int ?? 0)
            })
        #expect(counted == (report["regions"] as? [String: Int])?.filter { $0.value > 0 })
    }

    @Test func whoeverIsFirstInTheTraceIsAcceptedWhateverTheThreads() throws {
        let directory = TemporaryDirectory()
        var answers: Set<String> = []
        for (index, producers) in ["1", "4"].enumerated() {
            let store = "\(directory.path)/store\(index)"
            let run = try CommandRun(
                "replay", calmDay, "--store", store, "--scale", "0.001", "--producers", producers, "--batch",
                "50")
            #expect(run.status == 0, "\(run.errors)")
            answers.insert(
                try CommandRun("query", "--store", store, "--every", "1m", "--percentiles", "50,100").output)
        }
        #expect(answers.count == 1)
    }

    @Test func aSecondReplayAcceptsNothing() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        let arguments = ["replay", calmDay, "--store", store, "--scale", "0.001", "--format", "json"]
        let first = try CommandRun(arguments).json([String: Any].self)
        let second = try CommandRun(arguments).json([String: Any].self)
        #expect(second["accepted"] as? Int == 0)
        #expect(second["duplicates"] as? Int == first["attempts"] as? Int)
    }

    @Test func resumeGoesOnWhereTheLimitCutOff() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        func replay(_ extra: String...) throws -> CommandRun {
            try CommandRun(
                [
                    "replay", calmDay, "--store", store, "--scale", "0.001", "--batch", "100", "--format",
                    "json",
                ] + extra)
        }
        #expect(try replay("--limit", "777").json([String: Any].self)["attempts"] as? Int == 777)
        let rest = try replay("--resume").json([String: Any].self)
        let whole = try CommandRun("query", "--store", store, "--format", "json").json([[String: Int]].self)
        #expect(whole.first?["registrations"] == 1500)
        #expect(rest["accepted"] as? Int ?? 0 < 1500)
        #expect(try replay("--resume").json([String: Any].self)["attempts"] as? Int == 0)
        let other = try replay("--resume", "--seed", "1")
        #expect(other.status == 65)
        #expect(other.errors.contains("another trace"))
    }

    @Test func progressSaysWhatIsDurable() throws {
        let directory = TemporaryDirectory()
        let run = try CommandRun(
            "replay", calmDay, "--store", "\(directory.path)/store", "--scale", "0.001", "--progress", "json",
            "--format", "json")
        let counts = run.errors.split(separator: "\n").map { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Int])?["durableAttempts"]
                ?? -1
        }
        #expect(counts == counts.sorted())
        #expect(counts.last == (try run.json([String: Any].self)["attempts"] as? Int))
    }

    @Test func aPacedReplayKeepsTheTracesClock() throws {
        let directory = TemporaryDirectory()
        // The first 40 attempts of a small day are minutes apart: far slower than max, far faster than 1x.
        let run = try CommandRun(
            "replay", calmDay, "--store", "\(directory.path)/store", "--scale", "0.001", "--limit", "40",
            "--speed",
            "100000x", "--format", "json")
        #expect(try run.json([String: Any].self)["attempts"] as? Int == 40)
    }

    @Test func peopleGetATableByRegion() throws {
        let directory = TemporaryDirectory()
        let run = try CommandRun("replay", calmDay, "--store", "\(directory.path)/store", "--scale", "0.001")
        for text in [
            "Region", "Registrations", "Latin America", "Duplicates", "Total", "1,500", "synced", "On disk",
        ] {
            #expect(run.output.contains(text), "\(run.output)")
        }
    }
}
