import ArgumentParser
import SpillwayPlatform

/// How often to measure, and where stores are made meanwhile.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Times to measure each case; the median counts.", valueName: "n"))
    var repetitions = 5

    @Option(
        help: ArgumentHelp(
            """
            Times to run each case before, unmeasured: whoever first touches memory on a virtual machine pays for \
            what the hypervisor has yet to give.
            """, valueName: "n"))
    var warmUps = 1

    @Option(
        help: ArgumentHelp(
            "Where to make what is removed again: a directory on the disk to measure.", valueName: "directory"),
        completion: .directory)
    var directory = "."

    func validate() throws {
        guard repetitions > 0, warmUps >= 0 else {
            throw ValidationError("give 1 or more --repetitions, and 0 or more --warm-ups")
        }
        try ScratchDirectory.validate(directory)
    }

    var settings: [String: String] { ["repetitions": "\(repetitions)", "warmUps": "\(warmUps)"] }

    /// - Parameter title: What the progress bar calls it.
    /// - Parameter unitsPerRun: What one measurement gets through, for the bar's rate.
    func rounds(_ title: String, unitsPerRun: Int) -> InterleavedRounds {
        InterleavedRounds(title: title, unitsPerRun: unitsPerRun, warmUps: warmUps, repetitions: repetitions)
    }
}

extension ScratchDirectory {
    /// ``check(_:)`` of an option, before anything that takes time.
    static func validate(_ parent: String) throws {
        do {
            try check(parent)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
