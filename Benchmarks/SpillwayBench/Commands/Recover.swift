import ArgumentParser
import Foundation
import Spillway

/// `spillway-bench recover`: how long a store that was killed takes to be open for writing again.
struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long it takes to open a store again, with all that a crash left to be recovered.",
        discussion: """
            Each repetition opens a copy of the store, so that what a crash left is found every time; the clock runs \
            until batches can be taken. The copy's bytes are in the page cache, as those of a process that was \
            killed are.

            Examples:
              spillway-bench recover signups
            """)

    @Argument(help: "The store. It is not changed, and must not be open in an engine.")
    var store: String

    @Option(help: "Times to run; the median counts.")
    var repetitions = 5

    @Option(help: "Where to make the copies. They are removed again.")
    var directory = "."

    func validate() throws {
        guard repetitions > 0 else { throw ValidationError("Counts must be positive.") }
    }

    func run() throws {
        var registrations = 0
        var seconds: [Double] = []
        for _ in 0..<repetitions {
            let copy = URL(filePath: directory).appending(path: "spillway-bench-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: copy) }
            try FileManager.default.copyItem(at: URL(filePath: store), to: copy)
            let start = MonotonicClock.nowUs()
            let engine = try Engine.open(at: copy.path)
            seconds.append(Double(MonotonicClock.nowUs() - start) / 1e6)
            registrations = engine.registrationCount
            try engine.close()
        }
        let sorted = seconds.sorted()
        print(
            "\(registrations) registrations, open again in \(sorted[sorted.count / 2]) s "
                + "(\(sorted[0])–\(sorted[sorted.count - 1]), \(repetitions) repetitions), "
                + "peak memory \(Process.peakResidentBytes >> 20) MiB")
    }
}
