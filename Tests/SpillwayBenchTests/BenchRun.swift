import Foundation
import Testing

/// One run of the program that this package builds.
struct BenchRun {
    private let process = Process()
    private let output = Pipe()

    init(_ arguments: [String]) throws {
        let directory = Bundle.main.executableURL?.deletingLastPathComponent()
        process.executableURL = try #require(directory).appendingPathComponent("spillway-bench")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits for its end.
    func finish() -> (status: Int32, output: Data) {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, data)
    }

    /// Asks it to end (SIGTERM).
    func terminate() { process.terminate() }
}

/// A scenario of the repository.
let calmDay = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../traces/norm.yaml").standardizedFileURL.path
