import SpillwayConsole
import SpillwayProgram

/// Why a benchmark cannot be run, or its result not be used.
enum BenchmarkError: Error {
    case noDirectory(path: String)
    case unwritable(path: String)
    case noRoom(path: String, freeBytes: Int, neededBytes: Int)
    case noMemory(bytes: Int)
    /// A file that was given is not what it should be.
    case badInput(path: String, problem: String)
    /// The system refused to read or write a file.
    case failedFile(path: String, problem: String)
    case usage(String)
    /// What was measured did not go as it must.
    case failed(String)
}

extension BenchmarkError: ProgramError {
    var exitStatus: ExitStatus {
        switch self {
        case .noDirectory, .usage: .wrongUsage
        case .badInput: .badInput
        case .unwritable, .noRoom, .failedFile: .inputOutput
        case .noMemory, .failed: .failed
        }
    }
}

extension BenchmarkError: CustomStringConvertible {
    var description: String {
        switch self {
        case .noDirectory(let path): "\(path): there is no such directory: name one with --directory"
        case .unwritable(let path): "\(path): not a directory that can be written to: name one with --directory"
        case .noRoom(let path, let freeBytes, let neededBytes):
            """
            \(path): has \(Figures.bytes(freeBytes)) free, and about \(Figures.bytes(neededBytes)) are needed: make room, \
            name another --directory, or measure less
            """
        case .noMemory(let bytes): "the system has no \(Figures.bytes(bytes)) of memory to give: measure less"
        case .badInput(let path, let problem): "\(path): \(problem)"
        case .failedFile(let path, let problem): "\(path): \(problem)"
        case .usage(let problem), .failed(let problem): problem
        }
    }
}
