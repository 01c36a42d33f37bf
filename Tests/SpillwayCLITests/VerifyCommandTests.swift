import Foundation
import SpillwayTestSupport
import Testing

struct VerifyCommandTests {
    @Test func findsDamageAndMendsIt() throws {
        let directory = TemporaryDirectory()
        let (store, mended) = (directory.path("store"), directory.path("mended"))
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.001").status == 0)

        let sound = try CommandRun("verify", "--store", store, "--format", "json", "--memory", "64MiB")
        #expect(sound.status == 0)
        let report: [String: Any] = try sound.json()
        #expect(report["ok"] as? Bool == true && report["registrations"] as? Int == 1500)
        #expect(report["segments"] as? Int == 1 && (report["problems"] as? [Any])?.isEmpty == true)

        let name = try #require(try CommandRun("files", "--store", store, "--format", "json").json([String].self).first)
        let path = URL(fileURLWithPath: "\(store)/\(name)")
        var bytes = try Data(contentsOf: path)
        bytes[200] ^= 1
        try bytes.write(to: path)

        let damaged = try CommandRun("verify", "--store", store, "--format", "json")
        #expect(damaged.status == 1 && damaged.errors == "")
        let problems = try #require(try damaged.json([String: Any].self)["problems"] as? [[String: Any]])
        #expect(problems.first?["file"] as? String == name && problems.first?["offset"] as? Int ?? 0 > 0)
        #expect(try CommandRun("verify", "--store", store).output.contains("damaged"))

        let repair = try CommandRun("repair", "--store", store, "--out", mended, "--format", "json")
        #expect(repair.status == 1)
        let (kept, lost) = try (
            repair.json([String: Any].self)["registrations"] as? Int,
            repair.json([String: Any].self)["lost"] as? [[String: Any]]
        )
        #expect(lost?.count == 1 && (kept ?? 0) + (lost?.first?["registrations"] as? Int ?? 0) == 1500)
        #expect(try CommandRun("verify", "--store", mended).status == 0)
        #expect(try CommandRun("repair", "--store", store, "--out", "\(store)/inside").status == 64)
    }
}
