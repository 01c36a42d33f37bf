import SpillwayStore

/// An epoch that was cut, on its way through encoding to the store.
struct Epoch: Sendable {
    enum Content: Sendable {
        /// Nothing to write: duplicates only.
        case none
        case journalRecord(FrameBuffer)
        /// All that waited in the journal, and the epoch's own rows.
        case rowGroups([RowGroupJob])
    }

    var mark: EpochMark
    var content: Content
    /// Registrations that the epoch itself brings.
    var rowCount: Int
    /// Whether the segment is sealed behind it.
    var seals: Bool
    /// Row groups of all that is in the journal up to this epoch, if that is settled.
    var settlement: [RowGroupJob] = []

    /// Whether a settlement of rows before it has to be in the segment first: row groups stand in the order of their
    /// epochs.
    var followsSettlement: Bool { hasRowGroups || seals }

    var hasRowGroups: Bool {
        if case .rowGroups = content { true } else { false }
    }
}

/// What an epoch has gathered, in one shard or in several.
struct GatheredEpoch {
    var blocks: [RowBlock] = []
    /// What became of attempts that brought no row.
    var outcomes = OutcomeTally()

    var rowCount: Int { blocks.reduce(0) { $0 + $1.count } }

    static func += (whole: inout GatheredEpoch, part: GatheredEpoch) {
        whole.blocks += part.blocks
        whole.outcomes += part.outcomes
    }
}

/// A row group to be encoded. Owned by the pipeline's lock, apart from the one encoder that works on it.
final class RowGroupJob: Sendable {
    let blocks: [RowBlock]
    let rowCount: Int
    /// Of the epochs that it ends.
    let outcomes: OutcomeTally
    let frame: FrameBuffer

    init(blocks: [RowBlock], outcomes: OutcomeTally, frame: FrameBuffer) {
        self.blocks = blocks
        self.outcomes = outcomes
        rowCount = blocks.reduce(0) { $0 + $1.count }
        self.frame = frame
    }
}
