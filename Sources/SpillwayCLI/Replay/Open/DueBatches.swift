import SpillwayModel
import SpillwayTrace

/// A trace's attempts as batches in their order, with the time that each is due.
struct DueBatches {
    struct Due {
        /// The batch's attempts, by their place in the trace.
        var place: Range<UInt64>
        /// When the first and the last of them are due, from the first batch.
        var firstNs: Int64
        var lastNs: Int64
    }

    private let reader: SliceReader
    private let limit: UInt64
    private let batchSize: Int
    /// Attempts before this one are passed over.
    private let startAt: UInt64
    private var pace: Pace
    private var slice = TraceSlice()
    private var row = 0
    /// Of the slice's first attempt.
    private var sliceStart: UInt64 = 0

    init(_ reader: SliceReader, rhythm: Pace.Rhythm, _ options: Replay.Options) {
        self.reader = reader
        limit = options.limit
        batchSize = options.batchSize
        startAt = options.startAt
        pace = Pace(rhythm)
    }

    /// Replaces `batch` by the next one; nil after the last.
    mutating func next(_ batch: inout RegistrationBatch) throws(TraceError) -> Due? {
        guard try findSlice() else { return nil }
        let rows = Int(clamping: min(UInt64(batchSize), limit - (sliceStart + UInt64(row))))
        let grain = pace.nextGrain(of: slice.arrivedAt, from: row, limit: rows)
        batch.assign(slice.batch, grain.rows)
        row = grain.rows.upperBound
        return Due(
            place: sliceStart + UInt64(grain.rows.lowerBound)..<sliceStart + UInt64(row),
            firstNs: grain.firstDueNs, lastNs: grain.lastDueNs)
    }

    /// Goes on to the slice that the next attempt is in; false if there is none.
    private mutating func findSlice() throws(TraceError) -> Bool {
        while true {
            let skipped = startAt - min(startAt, sliceStart)
            row = max(row, Int(min(UInt64(slice.count), skipped)))
            if sliceStart + UInt64(row) >= limit { return false }
            if row < slice.count { return true }
            sliceStart += UInt64(slice.count)
            row = 0
            guard try reader.take(&slice) else { return false }
        }
    }
}
