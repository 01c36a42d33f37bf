import Foundation
import SpillwayPlatform

/// What a benchmark ran on, and what was running.
struct Machine: Codable, Equatable {
    var processors: Int
    var processor: String
    var kernel: String
    var memoryBytes: Int
    /// The commit that the working directory stands at, with `-dirty` behind it if files differ from it; empty where
    /// git knows none.
    var revision: String

    static var current: Machine {
        let model = text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        return Machine(
            processors: SpillwayPlatform.Process.processorCount, processor: model ?? "unknown processor",
            kernel: text(of: "/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines),
            memoryBytes: SpillwayPlatform.Process.physicalMemoryBytes, revision: revision)
    }

    var summary: String {
        "\(processors) × \(processor), \(memoryBytes >> 30) GiB, Linux \(kernel)"
            + (revision.isEmpty ? "" : ", revision \(revision)")
    }

    /// Whatever the revision.
    func isSame(as other: Machine) -> Bool {
        var other = other
        other.revision = revision
        return self == other
    }

    private static func text(of path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static var revision: String {
        let git = Foundation.Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return "" }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
