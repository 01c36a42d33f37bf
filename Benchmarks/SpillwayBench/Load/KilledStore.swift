import Foundation
import SpillwayPlatform

/// A store as a killed process leaves it: all registrations acknowledged, nothing closed.
struct KilledStore {
    let directory: ScratchDirectory

    init(in parent: String, trace: String, registrations: Int) throws {
        directory = try ScratchDirectory(
            in: parent, bytes: 2 * StoreFilling.diskBytes(registrations: registrations))
        let child = Foundation.Process()
        child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["fill", directory.path, "--trace", trace, "--registrations", "\(registrations)"]
        let (input, output) = (Pipe(), Pipe())
        child.standardInput = input
        child.standardOutput = output
        do {
            try child.run()
            try output.fileHandleForWriting.close()
            let said = output.fileHandleForReading.readData(ofLength: Fill.isFilled.utf8.count)
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            guard String(decoding: said, as: UTF8.self) == Fill.isFilled else {
                throw BenchmarkError.failed("the store to kill could not be filled: see above")
            }
        } catch {
            directory.remove()
            throw error
        }
    }
}
