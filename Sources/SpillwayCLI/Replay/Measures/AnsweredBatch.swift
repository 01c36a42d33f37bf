/// One batch's story, in nanoseconds of the monotonic clock.
struct AnsweredBatch: Sendable {
    /// When the first of its attempts should have been sent: all of the batch count from there, which makes the later
    /// ones up to a grain slower than they were, and none faster.
    var dueNs: Int64
    var sentNs: Int64
    var answeredNs: Int64
    /// Of this batch alone.
    var totals: ReplayTotals

    /// From when it should have been sent, so that a late sender does not hide what a caller would have waited.
    var latencyNs: Int64 { answeredNs - dueNs }
    /// How late the replay itself was.
    var latenessNs: Int64 { sentNs - dueNs }
}
