import CSpillwayFuzzer
import Glibc
import SpillwayFuzzTargets

/// `SpillwayFuzzer TARGET [ARGUMENT…]` runs libFuzzer on a target, `SpillwayFuzzer targets` lists them, and
/// `SpillwayFuzzer seeds DIRECTORY TRACES FIXTURES RECORDINGS` writes the seeds.
@main enum Fuzzer {
    static func main() throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "targets": for target in FuzzTarget.allCases { print(target.rawValue) }
        case "seeds" where arguments.count == 6:
            try Seeds.write(
                to: arguments[2], traces: arguments[3], fixtures: arguments[4], recordings: arguments[5])
        case let name?:
            guard let target = FuzzTarget(rawValue: name) else { fail("there is no target '\(name)'") }
            run(target, arguments: [arguments[0]] + arguments.dropFirst(2))
        case nil: fail("name a target: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private static func fail(_ problem: String) -> Never {
        print(problem)
        exit(2)
    }

    // Set before libFuzzer's loop, which is one thread.
    nonisolated(unsafe) private static var target = FuzzTarget.store

    private static func run(_ target: FuzzTarget, arguments: [String]) {
        self.target = target
        var count = Int32(arguments.count)
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = .allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { words?[index] = strdup(argument) }
        words?[arguments.count] = nil
        let status = LLVMFuzzerRunDriver(&count, &words) { bytes, count in
            do throws(FuzzFinding) {
                try Fuzzer.target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
            } catch {
                fatalError(error.description)
            }
            return 0
        }
        exit(status)
    }
}
