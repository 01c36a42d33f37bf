import SpillwayStore

/// Rows of small epochs, durable in the journal and answered, that have become enough for good row groups. Nobody waits
/// for them: epochs that come after may be written before.
struct Settlement: Sendable {
    /// The last epoch that has rows in it.
    var mark: EpochMark
    var jobs: [RowGroupJob]
}

/// What the appender does next.
enum AppenderWork: Sendable {
    case epoch(Epoch)
    /// All of it is encoded.
    case settlement(Settlement)
}
