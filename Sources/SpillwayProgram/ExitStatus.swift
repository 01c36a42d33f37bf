package import ArgumentParser
import SpillwayEngine
package import SpillwayPlatform
import SpillwayQuery
import SpillwayStore
import SpillwayTrace

/// What a program tells the shell.
package enum ExitStatus: Int32, Sendable {
    /// The work failed, or a check found damage.
    case failed = 1
    // The rest as in BSD's sysexits.
    case wrongUsage = 64
    case badInput = 65
    case inputOutput = 74
    // 128 + the signal's number, as shells tell of a program that a signal ended: one that ended in good order because
    // of it tells the same, so that a script does not go on to what was to come after.
    case interrupted = 130
    case terminated = 143

    package var code: ExitCode { ExitCode(rawValue) }

    package init(_ error: any Error) {
        switch error {
        case let error as any ProgramError: self = error.exitStatus
        case let error as EngineError: self = Self.status(of: error)
        case let error as QueryError: self = Self.status(of: error)
        case let error as StoreError: self = Self.status(of: error)
        case let error as TraceError: self = Self.status(of: error)
        case is SystemError: self = .inputOutput
        default: self = .failed
        }
    }

    package init(endedBy signal: Signal) {
        switch signal {
        case .interrupt: self = .interrupted
        case .terminate: self = .terminated
        }
    }

    private static func status(of error: EngineError) -> ExitStatus {
        switch error {
        case .invalidConfiguration: .wrongUsage
        case .store(let error): status(of: error)
        case .closed, .outOfMemory: .failed
        }
    }

    private static func status(of error: QueryError) -> ExitStatus {
        switch error {
        case .unknownValue, .emptyTimeRange, .percentileOutOfRange, .unknownTimeZone, .peakMinuteOfPartMinutes,
            .attemptsNotTallied:
            .wrongUsage
        case .tooManyGroups, .outdated, .cancelled: .failed
        case .store(let error): status(of: error)
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
        case .notForRecordings, .onlyForRecordings, .scale: .wrongUsage
        case .unknownKind, .scenario, .recording: .badInput
        case .segmentDeleted: .failed
        case .store(let error): status(of: error)
        case .system: .inputOutput
        }
    }
}

/// An error of a program's own, which knows what the shell is to be told.
package protocol ProgramError: Error {
    var exitStatus: ExitStatus { get }
}
