import SpillwayModel

/// A batch's attempts sorted by shard: first thing after a batch is handed over, and outside any lock. Kept for
/// reuse, so that routing allocates nothing.
struct BatchRoute {
    /// The keys of the attempts that go to shards, shard by shard. Equal keys
    /// stay in the batch's order.
    private(set) var keys: [UInt64] = []
    /// Which attempt of the batch each key is of.
    private(set) var attempts: [UInt32] = []
    /// Where each bucket begins, and at the end where the last one ends. A shard is ``bucketsPerShard`` buckets.
    private var starts: [Int] = []

    private var unsorted: [UInt64] = []

    /// Keys are sorted finer than by shard, so that those which come one after the other lie on one page of the
    /// index: its table is far larger than what address translation remembers.
    private static let bucketBits = 6
    private var next: [Int] = []

    /// Checks each attempt and finds its shard. Attempts that cannot be taken are given their outcome here, and go
    /// to no shard.
    mutating func fill(
        from batch: borrowing RegistrationBatch, permutation: IdentityPermutation, shardBits: Int,
        acceptedTimes: Range<Timestamp>, outcomes: inout [OutcomeCode]
    ) {
        begin(count: batch.count, shardBits: shardBits)
        let validate = AttemptCheck(acceptedTimes: acceptedTimes)
        let (identities, times, latencies) = (batch.identity.span, batch.registeredAt.span, batch.latencyUs.span)
        let (countries, platforms, sources) = (batch.country.span, batch.platform.span, batch.source.span)
        var codes = outcomes.mutableSpan
        var starts = takeStarts()
        var counts = starts.mutableSpan
        var unsorted = unsorted.mutableSpan
        for row in identities.indices {
            let key = permutation(identities[row])
            unsorted[row] = key
            let refusal = validate(
                time: times[row], country: countries[row], platform: platforms[row], source: sources[row],
                latencyUs: latencies[row])
            if let refusal {
                codes[row] = .refused(refusal)
            } else {
                codes[row] = .accepted
                counts[Self.bucket(of: key, shardBits) + 1] += 1
            }
        }
        self.starts = starts
        let sound = outcomes.span
        scatter(count: batch.count, shardBits: shardBits) { sound[$0].rawValue == 0 }
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
    func part(of shard: Int) -> Range<Int> {
        starts[shard << Self.bucketBits]..<starts[(shard + 1) << Self.bucketBits]
    }

    @inline(__always)
    private static func bucket(of key: UInt64, _ shardBits: Int) -> Int {
        Int(truncatingIfNeeded: key &>> UInt64(64 - bucketBits - shardBits))
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

    /// Puts keys in order of bucket, given at `starts[b + 1]` the count of bucket b.
    @inline(__always)
    private mutating func scatter(count: Int, shardBits: Int, where isRouted: (Int) -> Bool) {
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: starts)
        var (sortedKeys, sortedAttempts): ([UInt64], [UInt32]) = ([], [])
        swap(&keys, &sortedKeys)
        swap(&attempts, &sortedAttempts)
        place(count: count, shardBits: shardBits, where: isRouted, &sortedKeys, &sortedAttempts)
        swap(&keys, &sortedKeys)
        swap(&attempts, &sortedAttempts)
    }

    @inline(__always)
    private mutating func place(
        count: Int, shardBits: Int, where isRouted: (Int) -> Bool, _ keys: inout [UInt64],
        _ attempts: inout [UInt32]
    ) {
        let unsorted = unsorted
        var next = next.mutableSpan
        var keys = keys.mutableSpan
        var attempts = attempts.mutableSpan
        for row in 0..<count where isRouted(row) {
            let key = unsorted[row]
            let bucket = Self.bucket(of: key, shardBits)
            let place = next[bucket]
            keys[place] = key
            attempts[place] = UInt32(truncatingIfNeeded: row)
            next[bucket] = place + 1
        }
    }

    /// Moves the counts out of their place, since two spans into one value cannot be written at a time.
    private mutating func takeStarts() -> [Int] {
        var taken: [Int] = []
        swap(&starts, &taken)
        return taken
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
