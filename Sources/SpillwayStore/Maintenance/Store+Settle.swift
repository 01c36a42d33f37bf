import SpillwayModel

extension Store {
    /// Puts the rows that only a journal holds, and all that was appended, into the table. Durable when this returns.
    ///
    /// - Parameter view: what came with the store.
    package func settle(_ view: StoreView, rowGroupRows: Int = CompactionPolicy().rowGroupRows) throws(StoreError) {
        let (journaled, outcomes) = (view.journaled, view.journaledOutcomes.total)
        if journaled.count > 0 {
            let (builder, pool) = (RowGroupBuilder(), RowBlockPool())
            let blocks = pool.pack(journaled)
            let blocksPerGroup = max(1, rowGroupRows / RowBlock.capacity)
            let frames = stride(from: 0, to: blocks.count, by: blocksPerGroup).map { first in
                let frame = FrameBuffer()
                let end = min(first + blocksPerGroup, blocks.count)
                builder.build(
                    Array(blocks[first..<end]), outcomes: end == blocks.count ? outcomes : OutcomeTally(), into: frame)
                return frame
            }
            try append(
                rowGroups: frames, epoch: EpochMark(number: lastEpoch.number + 1, position: lastEpoch.position))
            try sync()
        } else if !outcomes.isEmpty {
            let frame = FrameBuffer()
            JournalRecord.write([], RecordedOutcomes(since: lastRowGroupEpoch, outcomes), into: frame)
            try append(
                journalRecord: frame, epoch: EpochMark(number: lastEpoch.number + 1, position: lastEpoch.position))
        }
        try replaceEarlierJournals(epoch: lastEpoch.number + 1)
        try recycleJournal()
        try seal()
    }
}
