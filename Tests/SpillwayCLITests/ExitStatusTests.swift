import Foundation
import SpillwayTestSupport
import Testing

struct ExitStatusTests {
    @Test(arguments: [
        ["bogus"], ["query"], ["query", "--store", "s", "--by", "colour"],
        ["query", "--store", "s", "--every", "5"],
        ["query", "--store", "s", "--where", "region"],
        ["query", "--store", "s", "--where", "region=Atlantis"],
        ["query", "--store", "s", "--since", "noon"], ["query", "--store", "s", "--percentiles", "0"],
        ["query", "--store", "s", "--since", "2021-10-05", "--until", "2021-10-04"],
        ["lookup", "--store", "s", "nobody"], ["lookup", "--store", "s"],
        ["replay", "t.yaml", "--store", "s", "--speed", "fast"],
        ["replay", "t.yaml", "--store", "s", "--batch", "0"],
        ["replay", "t.yaml", "--store", "s", "--durability", "maybe"],
    ])
    func wrongUsageIs64(arguments: [String]) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 64)
        #expect(run.output.isEmpty && !run.errors.isEmpty)
    }

    @Test func badInputIs65AndLeavesNothingBehind() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        let scenario = try directory.file("broken.yaml", "name: broken\nregistrations: many\n".utf8)
        let broken = try CommandRun("replay", scenario, "--store", store)
        #expect(broken.status == 65)
        #expect(broken.errors.contains("broken.yaml:") && broken.errors.split(separator: "\n").count == 1)
        let notATrace = try CommandRun("replay", directory.file("trace.txt", "".utf8), "--store", store)
        #expect(notATrace.status == 65)
        #expect(!FileManager.default.fileExists(atPath: store))

        #expect(try CommandRun("query", "--store", store).status == 65)
        #expect(try CommandRun("files", "--store", directory.path).status == 65)
        let occupied = try CommandRun("replay", calmDay, "--store", directory.path)
        #expect(occupied.status == 65)
        #expect(occupied.errors.contains("is not a Spillway store"))
    }

    @Test func anUnreadableFileIs74() throws {
        let directory = TemporaryDirectory()
        let run = try CommandRun(
            "replay", "\(directory.path)/absent.yaml", "--store", "\(directory.path)/store")
        #expect(run.status == 74)
        #expect(run.errors.contains("absent.yaml"))
    }

    @Test func damageIs1AndNamesFileAndOffset() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.001").status == 0)
        let file = try #require(CommandRun("files", "--store", store).output.split(separator: "\n").first)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: String(file)))
        for index in 200..<bytes.count / 2 { bytes[index] ^= 0x55 }
        try bytes.write(to: URL(fileURLWithPath: String(file)))
        let run = try CommandRun("query", "--store", store, "--every", "1s")
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("\(file) is damaged at byte "), "\(run.errors)")
    }

    @Test(arguments: [[], ["replay"], ["query"], ["lookup"], ["files"], ["trace"]])
    func helpIs0AndHasExamples(command: [String]) throws {
        let run = try CommandRun(command + ["--help"])
        #expect(run.status == 0)
        #expect(run.output.contains("USAGE"))
        #expect(run.output.contains("EXAMPLES"))
    }
}
