import SpillwayProgram

/// Something that was asked for and cannot be done.
struct UsageError: ProgramError, CustomStringConvertible {
    let description: String
    let exitStatus: ExitStatus

    init(_ description: String, status: ExitStatus = .wrongUsage) {
        self.description = description
        exitStatus = status
    }
}
