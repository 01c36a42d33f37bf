import ArgumentParser
import Spillway
import SpillwayTrace

/// What the program tells the shell; the same as `spillway` does.
enum ExitStatus: Int32 {
    case failed = 1
    // The rest as in BSD's sysexits.
    case wrongUsage = 64
    case badInput = 65
    case inputOutput = 74

    var code: ExitCode { ExitCode(rawValue) }

    init(_ error: any Error) {
        switch error {
        case let error as BenchmarkError: self = Self.status(of: error)
        case let error as TraceError: self = Self.status(of: error)
        case let error as StoreError: self = Self.status(of: error)
        case is SystemError, EngineError.store(.system), QueryError.store(.system): self = .inputOutput
        case EngineError.store(let error), QueryError.store(let error): self = Self.status(of: error)
        case EngineError.invalidConfiguration: self = .wrongUsage
        default: self = .failed
        }
    }

    private static func status(of error: BenchmarkError) -> ExitStatus {
        switch error {
        case .noDirectory, .usage: .wrongUsage
        case .badInput: .badInput
        case .unwritable, .noRoom, .failedFile: .inputOutput
        case .noMemory, .failed: .failed
        }
    }

    private static func status(of error: StoreError) -> ExitStatus {
        switch error {
        case .notAStore, .missing, .exists: .badInput
        case .inUse, .underMaintenance, .damaged: .failed
        case .system: .inputOutput
        }
    }

    private static func status(of error: TraceError) -> ExitStatus {
        switch error {
        case .notForRecordings, .scale: .wrongUsage
        case .unknownKind, .scenario, .recording: .badInput
        case .system: .inputOutput
        }
    }
}
