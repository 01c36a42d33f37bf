import SpillwayModel

/// The buckets of a query where clocks are changed now and then.
///
/// A bucket begins where the clock shows a multiple of its width, or jumps over one. Where the clock is turned back,
/// hours that it shows twice are two buckets, and a day is one of 25 hours.
struct BucketCalendar: Sendable {
    /// A time during which clocks are as far ahead of UTC all along.
    private struct Piece {
        /// `Int64.min` for the first.
        var start: Int64
        var numbering: BucketNumbering
        /// The number of its last bucket.
        var lastBucket = Int64.max
    }

    /// One without a numbering if time is not divided.
    private var pieces: [Piece] = []

    /// - Parameters:
    ///   - width: of a bucket, in microseconds; nil if time is not divided.
    ///   - times: What is to be numbered. Buckets that begin before it are known too.
    init(width: Int64?, _ clock: ZoneClock, around times: ClosedRange<Int64>) {
        guard let width else { return }
        let margin = width.addingClamped(2 * Timestamp.microsecondsPerDay)
        let span = times.lowerBound.addingClamped(-margin)...times.upperBound
        for change in clock.offsets(during: span) {
            guard let last = pieces.last else {
                let numbering = BucketNumbering(microseconds: width, offsetUs: change.offsetUs)
                pieces.append(Piece(start: .min, numbering: numbering))
                continue
            }
            let before = last.numbering
            let lastBucket = before.bucket(of: Timestamp(rawValue: change.time - 1))
            var numbering = before
            numbering.offsetUs = change.offsetUs
            let bucket = numbering.bucket(of: Timestamp(rawValue: change.time))
            if width < Timestamp.microsecondsPerDay, bucket <= lastBucket {
                let begins = numbering.start(ofBucket: bucket).rawValue == change.time
                numbering.firstNumber += lastBucket - bucket + (begins ? 1 : 0)
            }
            pieces[pieces.count - 1].lastBucket = lastBucket
            pieces.append(Piece(start: change.time, numbering: numbering))
        }
    }

    /// The parts of `times` that are numbered one way.
    func slices(of times: ClosedRange<Int64>) -> [TimeSlice] {
        if pieces.isEmpty { return [TimeSlice(times: times, numbering: nil)] }
        let ends = pieces.dropFirst().map { $0.start - 1 } + [.max]
        return zip(pieces, ends).compactMap { piece, end in
            let range = piece.start...end
            guard range.overlaps(times) else { return nil }
            return TimeSlice(times: range.clamped(to: times), numbering: piece.numbering)
        }
    }

    /// Where a bucket begins; nil if time is not divided.
    func start(ofBucket bucket: Int64) -> Timestamp? {
        guard let piece = pieces.first(where: { bucket <= $0.lastBucket }) else { return nil }
        return max(Timestamp(rawValue: piece.start), piece.numbering.start(ofBucket: bucket))
    }
}
