import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// A new store that the sound pieces of another are put into, in their order. Used by one thread.
final class SalvagedCopy {
    private let store: Store
    private let system: any System
    private let reader = PieceReader()
    private let rows = RowGroupReader()
    private let pool = RowBlockPool()
    private let builder = RowGroupBuilder()
    private let frame = FrameBuffer()
    /// Of identities that are stored more than once, those that were not taken yet.
    private var repeated: Set<UInt64>
    private var taken: Set<UInt64> = []
    /// The journals' rows, until there are enough for a row group.
    private var journaled: [RowBlock] = []
    /// What became of attempts that brought no row, until it is written with the next row group.
    private var outcomes = OutcomeTally()
    /// What journals have of that, by epoch.
    private var journaledOutcomes: [UInt64: RecordedOutcomes] = [:]
    private let lastSegmentEpoch: UInt64
    private var segment = ""
    private var isWhole = true
    /// Of the source: the one that ``position`` is of.
    private var lastEpoch: UInt64 = 0

    private(set) var rowCount = 0
    private(set) var segmentCount = 0
    /// How far what was taken brings the stream, without a gap.
    private(set) var position = StreamPosition.none

    /// - Parameter lastSegmentEpoch: The source's: segments have the outcomes of the epochs up to it.
    init(_ store: Store, repeated: Set<UInt64>, lastSegmentEpoch: UInt64) {
        self.store = store
        self.lastSegmentEpoch = lastSegmentEpoch
        system = store.system
        self.repeated = repeated
    }

    /// Leaves a piece out: what comes after it no longer says how far the stream was brought.
    func skip(_ place: StorePieces.Place) { isWhole = false }

    /// - Parameter keepsPosition: that nothing is lost whose place is not known.
    func take(_ place: StorePieces.Place, keepsPosition: Bool) throws {
        if place.file.name != segment { try seal() }
        segment = place.file.name
        isWhole = isWhole && keepsPosition
        let content = try reader.read(place.piece, of: place.file)
        if isWhole { advance(place) }
        switch content {
        case .none: break
        case .journal(let batch, let recorded):
            if let epoch = place.piece.header?.epoch, epoch > lastSegmentEpoch {
                journaledOutcomes[epoch] = recorded
            }
            try take(batch)
        case .rowGroup(let metadata):
            outcomes += reader.outcomes ?? OutcomeTally()
            if reader.isIntact, reader.findings.isEmpty, !holdsRepeated(metadata) {
                copyFrame(metadata, place.piece)
                try append(metadata.rowCount)
            } else {
                try rebuild(metadata, place.file)
            }
        }
    }

    /// Takes those of a merged segment, which has them as a whole; what cannot be read is named with the footer.
    func takeOutcomes(of file: FramedFile) throws {
        guard let place = file.footer?.outcomesPlace else { return }
        if let tally = try? OutcomeTally(reading: file.openFile(), in: place) { outcomes += tally }
    }

    /// An epoch's position counts from its last frame on.
    private func advance(_ place: StorePieces.Place) {
        var mark = EpochMark.none
        if let header = place.piece.header {
            if header.endsEpoch { mark = EpochMark(number: header.epoch, position: header.position) }
        } else if place.piece.content.upperBound == place.file.pieces.last?.content.upperBound {
            mark = place.file.lastEpoch
        }
        // A journal's older records are no later than the segments that hold their rows.
        guard mark.number > lastEpoch else { return }
        lastEpoch = mark.number
        position = mark.position
    }

    private func holdsRepeated(_ metadata: RowGroupMetadata) -> Bool {
        !repeated.isEmpty
            && reader.columns.identities[..<metadata.rowCount].contains { repeated.contains(UInt64(bitPattern: $0)) }
    }

    /// Whether the identity is new to the copy.
    private func admits(_ identity: UInt64) -> Bool {
        repeated.isEmpty || !repeated.contains(identity) || taken.insert(identity).inserted
    }

    private func copyFrame(_ metadata: RowGroupMetadata, _ piece: FramedFile.Piece) {
        let bodyLength = piece.header.map { Int($0.bodyLength) } ?? piece.content.count
        let moved = metadata.moved(downBy: piece.content.lowerBound)
        frame.begin()
        reader.content.withUnsafeBytes(in: 0..<bodyLength) { frame.bytes.append($0) }
        frame.end(rowGroup: moved, rollup: reader.rollup, outcomes: takeOutcomes())
    }

    private func rebuild(_ metadata: RowGroupMetadata, _ file: FramedFile) throws {
        try rows.read(metadata, from: file.openFile())
        var blocks: [RowBlock] = []
        for row in 0..<rows.rowCount where admits(rows.identity(at: row)) {
            if blocks.last?.isFull ?? true { blocks.append(pool.take()) }
            rows.append(row: row, to: blocks[blocks.count - 1])
        }
        try append(blocks)
    }

    private func take(_ batch: RegistrationBatch) throws {
        for row in 0..<batch.count where admits(batch.identity[row].rawValue) {
            if journaled.last?.isFull ?? true {
                if journaled.count == RowGroupBuilder.maximumBlockCount { try appendJournaled() }
                journaled.append(pool.take())
            }
            journaled[journaled.count - 1].append(row: row, of: batch)
        }
    }

    private func appendJournaled() throws {
        let blocks = journaled
        journaled = []
        try append(blocks)
    }

    private func append(_ blocks: [RowBlock]) throws {
        defer { pool.giveBack(blocks) }
        let count = blocks.reduce(0) { $0 + $1.count }
        if count == 0 { return }
        builder.build(blocks, outcomes: takeOutcomes(), into: frame)
        try append(count)
    }

    private func takeOutcomes() -> OutcomeTally {
        defer { outcomes = OutcomeTally() }
        return outcomes
    }

    private var nextEpoch: EpochMark { EpochMark(number: store.lastEpoch.number + 1, position: position) }

    /// Appends the frame that was made, as an epoch of its own.
    private func append(_ count: Int) throws {
        try store.append(rowGroups: [frame], epoch: nextEpoch)
        try store.sync()
        rowCount += count
    }

    private func seal() throws {
        if store.openSegmentByteCount > 0 { segmentCount += 1 }
        try store.seal()
    }

    /// Ends the copy: all of it is in the table, and durable.
    func finish() throws {
        var recorded = JournaledOutcomes()
        for (epoch, outcomes) in journaledOutcomes.sorted(by: { $0.key < $1.key }) {
            recorded.add(outcomes, epoch: epoch)
        }
        outcomes += recorded.total
        try appendJournaled()
        if !outcomes.isEmpty {
            JournalRecord.write([], RecordedOutcomes(since: store.lastEpoch.number, takeOutcomes()), into: frame)
            try store.append(journalRecord: frame, epoch: nextEpoch)
            try store.sync()
        }
        try seal()
    }
}

extension RowGroupMetadata {
    /// The same with every offset less `distance`, which lies before all of them.
    fileprivate func moved(downBy distance: UInt64) -> RowGroupMetadata {
        var result = self
        for index in columns.indices {
            var chunk = columns[index]
            chunk.dataPageOffset -= distance
            chunk.dictionaryPageOffset = chunk.dictionaryPageOffset.map { $0 - distance }
            for page in chunk.pages.indices { chunk.pages[page].offset -= distance }
            result.columns[index] = chunk
        }
        return result
    }
}
