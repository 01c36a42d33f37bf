/// What an acknowledgement promises. Set once for an engine, and named in every acknowledgement.
public enum Durability: String, CaseIterable, Sendable, Hashable {
    /// Written and synced to the device: survives a crash of the process, of the system, and power loss.
    case synced
    /// Handed to the operating system: survives a crash of the process, not of the system or power loss.
    case written
    /// Judged and in memory: an acknowledged registration is lost if the process dies before its epoch is
    /// written, a moment later.
    case memory
}
