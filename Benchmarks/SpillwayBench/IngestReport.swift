import Foundation
import Spillway

/// What `spillway-bench ingest` prints.
struct IngestReport: Codable {
    var schema = 1
    var machine = Machine.current
    var trace: String
    var attempts: Int
    var identities: String
    var producers: Int
    var batch: Int
    var shards: Int
    var durability: String
    var expected: Bool
    var repetitions: [IngestRun.Result]

    struct Machine: Codable {
        var processors: Int
        var processor: String
        var kernel: String

        static var current: Machine {
            let model = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
                .split(separator: "\n").first { $0.hasPrefix("model name") }?
                .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
            return Machine(
                processors: Process.processorCount, processor: model ?? "unknown",
                kernel: kernel?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown")
        }
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func table() -> String {
        let rows: [(String, [Double], (Double) -> String)] = [
            ("million attempts/s", repetitions.map { $0.attemptsPerSecond / 1e6 }, { Self.format($0, 2) }),
            (
                "processor s per million",
                repetitions.map { $0.processorSeconds * 1e6 / Double(attempts) }, { Self.format($0, 4) }
            ),
            ("bytes per registration", repetitions.map(\.bytesPerRegistration), { Self.format($0, 2) }),
            ("peak memory, MiB", repetitions.map { Double($0.peakResidentBytes >> 20) }, { Self.format($0, 0) }),
        ]
        var lines = [
            "\(attempts) attempts, \(identities) identities, \(producers) producers, batches of \(batch), "
                + "\(shards) shards, \(durability); \(repetitions.count) repetitions",
            "\(machine.processors) × \(machine.processor), Linux \(machine.kernel)", "",
            Self.line("", "median", "min", "max"),
        ]
        for (name, values, format) in rows {
            let sorted = values.sorted()
            lines.append(
                Self.line(name, format(Self.median(sorted)), format(sorted[0]), format(sorted[sorted.count - 1])))
        }
        return lines.joined(separator: "\n")
    }

    private static func median(_ sorted: [Double]) -> Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func line(_ name: String, _ columns: String...) -> String {
        name.padding(toLength: 24, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
    }

    private static func format(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
