import SpillwayModel

/// Numbers the buckets of one width, during a time in which clocks are as far ahead of UTC all along.
struct BucketNumbering: Hashable, Sendable {
    /// The width of a bucket.
    let microseconds: Int64
    /// How far clocks are ahead of UTC.
    var offsetUs: Int64 = 0
    /// What is added to the number that the clock alone gives, as it was turned back before.
    var firstNumber: Int64 = 0

    init(microseconds: Int64, offsetUs: Int64 = 0, firstNumber: Int64 = 0) {
        self.microseconds = microseconds
        self.offsetUs = offsetUs
        self.firstNumber = firstNumber
    }

    /// Number of the bucket that a time is in.
    func bucket(of time: Timestamp) -> Int64 {
        time.rawValue.addingClamped(offsetUs).flooredDivision(by: microseconds).quotient &+ firstNumber
    }

    /// Where a bucket begins.
    func start(ofBucket bucket: Int64) -> Timestamp {
        Timestamp(rawValue: (bucket &- firstNumber) &* microseconds &- offsetUs)
    }

    /// Whether no minute is in two buckets.
    var isWholeMinutes: Bool { microseconds % Minute.microseconds == 0 && offsetUs % Minute.microseconds == 0 }
}

extension Int64 {
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
