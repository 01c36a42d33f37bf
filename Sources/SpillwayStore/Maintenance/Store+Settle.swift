import SpillwayModel

extension Store {
    /// Puts the rows that only a journal holds, and all that was appended, into the table. Durable when this returns.
    ///
    /// - Parameter journaled: what the view that came with the store found there.
    package func settle(_ journaled: RegistrationBatch, rowGroupRows: Int = CompactionPolicy().rowGroupRows)
        throws(StoreError)
    {
        if journaled.count > 0 {
            let (builder, pool) = (RowGroupBuilder(), RowBlockPool())
            let blocks = pool.pack(journaled)
            let blocksPerGroup = max(1, rowGroupRows / RowBlock.capacity)
            let frames = stride(from: 0, to: blocks.count, by: blocksPerGroup).map { first in
                let frame = FrameBuffer()
                builder.build(Array(blocks[first..<min(first + blocksPerGroup, blocks.count)]), into: frame)
                return frame
            }
            try append(
                rowGroups: frames, epoch: EpochMark(number: lastEpoch.number + 1, position: lastEpoch.position))
            try sync()
        }
        try replaceEarlierJournals(epoch: lastEpoch.number + 1)
        try recycleJournal()
        try seal()
    }
}
