import CSpillwayKernels
import SpillwayModel

/// What makes an attempt one that no retry can save.
package struct AttemptCheck {
    let acceptedTimes: Range<Timestamp>

    private static let countryCount = UInt8(Country.all.count)

    package init(acceptedTimes: Range<Timestamp>) { self.acceptedTimes = acceptedTimes }

    /// Whether nothing is wrong with any of them: by the bounds of each column, which is much quicker than row by
    /// row.
    package func passesAll(of batch: borrowing RegistrationBatch) -> Bool {
        guard !batch.isEmpty else { return true }
        let times = batch.registeredAt.bounds(as: Int64.self, spillway_min_max_i64)
        let latencies = batch.latencyUs.bounds(as: Int32.self, spillway_min_max_i32)
        let platforms = batch.platform.bounds(as: UInt16.self, spillway_min_max_u16)
        let sources = batch.source.bounds(as: UInt16.self, spillway_min_max_u16)
        let countries = batch.country.bounds(as: UInt8.self, spillway_min_max_u8)
        return times.min >= acceptedTimes.lowerBound.rawValue && times.max < acceptedTimes.upperBound.rawValue
            && latencies.min >= 0 && countries.max < Self.countryCount
            && platforms.max < Label.invalid.code && sources.max < Label.invalid.code
    }

    /// Gives each attempt with which something is wrong its outcome.
    func refuse(_ batch: borrowing RegistrationBatch, _ outcomes: inout [OutcomeCode]) {
        for row in 0..<batch.count {
            if let reason = reason(row, of: batch) { outcomes[row] = .refused(reason) }
        }
    }

    private func reason(_ row: Int, of batch: borrowing RegistrationBatch) -> Refusal.Reason? {
        if batch.country[row].index >= Self.countryCount { return .unknownCountry }
        if !acceptedTimes.contains(batch.registeredAt[row]) { return .timestampOutOfRange }
        if batch.latencyUs[row] < 0 { return .latencyOutOfRange }
        if batch.platform[row] == .invalid || batch.source[row] == .invalid { return .invalidLabel }
        return nil
    }
}

extension Array {
    /// The least and greatest of the values that the elements, of the same layout, stand for.
    ///
    /// - Precondition: there is one.
    fileprivate func bounds<Value: FixedWidthInteger>(
        as type: Value.Type,
        _ kernel: (UnsafePointer<Value>, Int, UnsafeMutablePointer<Value>, UnsafeMutablePointer<Value>) -> Void
    ) -> (min: Value, max: Value) {
        precondition(!isEmpty && MemoryLayout<Element>.stride == MemoryLayout<Value>.stride)
        return withUnsafeBytes { bytes in
            var (least, greatest): (Value, Value) = (0, 0)
            let values = bytes.assumingMemoryBound(to: Value.self)
            if let start = values.baseAddress { kernel(start, values.count, &least, &greatest) }
            return (least, greatest)
        }
    }
}
