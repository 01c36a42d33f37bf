import Foundation
import SpillwayTestSupport
import Testing

/// The questions of docs/QUERIES.md, as the program and as DuckDB answer them: see
/// Tests/Interop/check_documented_queries.py.
@Suite struct DocumentedQueriesTests {
    @Test func everyQuestionHasTheSameAnswerInSQL() throws {
        let directory = TemporaryDirectory()
        let store = directory.path("day")
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let spillway = try program("spillway")
        let replay = Foundation.Process()
        replay.executableURL = spillway
        replay.arguments = [
            "replay", root.appending(path: "traces/telegram-2021-10-04.yaml").path, "--store", store, "--scale",
            "0.0005",
        ]
        replay.standardOutput = FileHandle.nullDevice
        try replay.run()
        replay.waitUntilExit()
        #expect(replay.terminationStatus == 0)

        let document = root.appending(path: "docs/QUERIES.md").path
        let script = Python.script("check_documented_queries.py")
        let (status, output) = try Python.run([script, spillway.path, store, document])
        #expect(status == 0, "\(output)")
    }

    /// Beside the tests, where the package builds it.
    private func program(_ name: String) throws -> URL {
        let directory = try #require(Bundle.main.executableURL?.deletingLastPathComponent())
        return directory.appending(path: name)
    }
}
