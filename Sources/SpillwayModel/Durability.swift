/// What an acknowledgement promises. Set once for an engine, and named in every acknowledgement.
///
/// Whatever the setting, no identity is accepted twice, an epoch is there as a whole or not at all, and damage is an
/// error and never a wrong answer.
public enum Durability: String, CaseIterable, Sendable, Hashable {
    /// Written and synced to the device (fdatasync) before the answer: survives a crash of the process, of the system,
    /// and a loss of power, as far as the device keeps what it says it has. A sync that fails ends the engine's
    /// acknowledging for good. Costs one sync an epoch, which all batches of the epoch share.
    case synced
    /// Handed to the operating system before the answer: survives a crash of the process at any instant. A crash of the
    /// system or a loss of power can take the last epochs, up to as much as the system has not written by itself (30 s
    /// by default on Linux), and any of them without those before it. What is sealed is synced.
    case written
    /// Judged and in memory when answered: the end of the process takes the epochs that were not written yet, which are
    /// those of the last commit delay (``EngineConfiguration/maximumCommitDelayUs``) and of the commits under way.
    case memory
}
