import SpillwayModel

/// A batch's attempts sorted by shard: first thing after a batch is handed over, and outside any lock. Kept for
/// reuse, so that routing allocates nothing.
package struct BatchRoute {
    /// The keys of the attempts that go to shards, shard by shard. Equal keys stay in the batch's order.
    private(set) var keys: [UInt64] = []
    /// Which attempt of the batch each key is of.
    private(set) var attempts: [UInt32] = []

    /// Where each bucket begins, and at the end where the last one ends.
    private var starts: [Int] = []
    /// Where the next key of each bucket goes.
    private var next: [Int] = []
    /// Keys in the batch's order.
    private var unsorted: [UInt64] = []

    /// A shard is 2⁶ buckets: keys are sorted finer than by shard, so that those which come one after the other lie
    /// on one page of the index, whose table is far larger than what address translation remembers.
    private static let bucketBits = 6

    package init() {}

    /// Checks each attempt and finds its shard. Attempts that cannot be taken are given their outcome here, and go
    /// to no shard.
    package mutating func fill(
        from batch: borrowing RegistrationBatch, permutation: IdentityPermutation, shardBits: Int,
        acceptedTimes: Range<Timestamp>, outcomes: inout [OutcomeCode]
    ) {
        begin(count: batch.count, shardBits: shardBits)
        Self.check(
            batch, AttemptCheck(acceptedTimes: acceptedTimes), permutation, shardBits, keys: &unsorted,
            counts: &starts, outcomes: &outcomes)
        let outcomes = outcomes.span
        scatter(count: batch.count, shardBits: shardBits) { outcomes[$0].rawValue == OutcomeCode.accepted.rawValue }
    }

    /// Finds the shards of identities that are stored already.
    mutating func fill(from identities: Span<Int64>, permutation: IdentityPermutation, shardBits: Int) {
        begin(count: identities.count, shardBits: shardBits)
        for row in identities.indices {
            let key = permutation(Identity(rawValue: UInt64(bitPattern: identities[row])))
            unsorted[row] = key
            starts[Self.bucket(of: key, shardBits) + 1] += 1
        }
        scatter(count: identities.count, shardBits: shardBits) { _ in true }
    }

    /// The part of `keys` and `attempts` that is one shard's.
    package func part(of shard: Int) -> Range<Int> {
        starts[shard << Self.bucketBits]..<starts[(shard + 1) << Self.bucketBits]
    }

    private mutating func begin(count: Int, shardBits: Int) {
        if unsorted.count < count {
            let extra = count - unsorted.count
            unsorted.append(contentsOf: repeatElement(0, count: extra))
            keys.append(contentsOf: repeatElement(0, count: extra))
            attempts.append(contentsOf: repeatElement(0, count: extra))
        }
        starts.removeAll(keepingCapacity: true)
        starts.append(contentsOf: repeatElement(0, count: (1 << (shardBits + Self.bucketBits)) + 1))
    }

    /// Puts the keys in order of bucket, given at `starts[b + 1]` the count of bucket b.
    @inline(__always)
    private mutating func scatter(count: Int, shardBits: Int, where isRouted: (Int) -> Bool) {
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: starts)
        Self.place(
            unsorted, count: count, shardBits, where: isRouted, next: &next, keys: &keys, attempts: &attempts)
    }
}

// The loops over rows. They take the columns one by one, as two spans into one value cannot both be written.
extension BatchRoute {
    @inline(__always)
    private static func bucket(of key: UInt64, _ shardBits: Int) -> Int {
        Int(truncatingIfNeeded: key &>> UInt64(64 - bucketBits - shardBits))
    }

    private static func check(
        _ batch: borrowing RegistrationBatch, _ refusal: AttemptCheck, _ permutation: IdentityPermutation,
        _ shardBits: Int, keys: inout [UInt64], counts: inout [Int], outcomes: inout [OutcomeCode]
    ) {
        let (identities, times, latencies) = (batch.identity.span, batch.registeredAt.span, batch.latencyUs.span)
        let (countries, platforms, sources) = (batch.country.span, batch.platform.span, batch.source.span)
        var keys = keys.mutableSpan
        var counts = counts.mutableSpan
        var outcomes = outcomes.mutableSpan
        for row in identities.indices {
            let key = permutation(identities[row])
            keys[row] = key
            let reason = refusal(
                time: times[row], country: countries[row], platform: platforms[row], source: sources[row],
                latencyUs: latencies[row])
            if let reason {
                outcomes[row] = .refused(reason)
            } else {
                outcomes[row] = .accepted
                counts[bucket(of: key, shardBits) + 1] += 1
            }
        }
    }

    @inline(__always)
    private static func place(
        _ unsorted: borrowing [UInt64], count: Int, _ shardBits: Int, where isRouted: (Int) -> Bool,
        next: inout [Int], keys: inout [UInt64], attempts: inout [UInt32]
    ) {
        let unsorted = unsorted.span
        var next = next.mutableSpan
        var keys = keys.mutableSpan
        var attempts = attempts.mutableSpan
        for row in 0..<count where isRouted(row) {
            let key = unsorted[row]
            let bucket = bucket(of: key, shardBits)
            keys[next[bucket]] = key
            attempts[next[bucket]] = UInt32(truncatingIfNeeded: row)
            next[bucket] += 1
        }
    }
}

/// What makes an attempt one that no retry can save.
private struct AttemptCheck {
    let acceptedTimes: Range<Timestamp>
    let countryCount = UInt8(Country.all.count)

    @inline(__always)
    func callAsFunction(
        time: Timestamp, country: Country, platform: Label, source: Label, latencyUs: Int32
    ) -> Refusal.Reason? {
        if country.index >= countryCount { return .unknownCountry }
        if time < acceptedTimes.lowerBound || time >= acceptedTimes.upperBound { return .timestampOutOfRange }
        if latencyUs < 0 { return .latencyOutOfRange }
        if platform == .invalid || source == .invalid { return .invalidLabel }
        return nil
    }
}
