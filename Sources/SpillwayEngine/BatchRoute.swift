import SpillwayModel
import SpillwayStore

/// A batch's attempts sorted by shard: first thing after a batch is handed over, and outside any lock. Kept for
/// reuse, so that routing allocates nothing.
package struct BatchRoute {
    /// The keys of the attempts that go to shards, shard by shard. Equal keys stay in the batch's order.
    private(set) var keys: [UInt64] = []
    /// Which attempt of the batch each key is of.
    private(set) var attempts: [UInt32] = []
    /// The attempt as it is stored if it is new.
    private(set) var rows: [PackedRow] = []

    /// Where each shard's part begins, and at the end where the last one ends.
    private var starts: [Int] = []
    /// Where the next key of each shard goes.
    private var next: [Int] = []
    /// Keys in the batch's order.
    private var unsorted: [UInt64] = []

    package init() {}

    /// Checks each attempt and finds its shard. Attempts that cannot be taken are given their outcome here, and go
    /// to no shard.
    ///
    /// - Parameter outcomes: one for each attempt, all ``OutcomeCode/accepted``.
    package mutating func fill(
        from batch: borrowing RegistrationBatch, permutation: IdentityPermutation, shardBits: Int,
        acceptedTimes: Range<Timestamp>, outcomes: inout [OutcomeCode]
    ) {
        let count = batch.count
        keys.grow(to: count, with: 0)
        attempts.grow(to: count, with: 0)
        rows.grow(to: count, with: Self.noRow)
        unsorted.grow(to: count, with: 0)
        permutation.apply(to: batch.identity, into: &unsorted)
        let check = AttemptCheck(acceptedTimes: acceptedTimes)
        if !check.passesAll(of: batch) { check.refuse(batch, &outcomes) }
        beginParts(shardBits)
        Self.count(unsorted, outcomes, shardBits, &starts)
        endParts()
        Self.place(unsorted, batch, outcomes, shardBits, &next, &keys, &attempts, &rows)
    }

    private static let noRow = PackedRow(registeredAt: 0, identity: 0, attributes: PackedAttributes(rawValue: 0))

    /// Finds the shards of identities that are stored already; there are ``keys`` only.
    mutating func fill(from identities: Span<Int64>, permutation: IdentityPermutation, shardBits: Int) {
        keys.grow(to: identities.count, with: 0)
        unsorted.grow(to: identities.count, with: 0)
        permutation.apply(to: identities, into: &unsorted)
        beginParts(shardBits)
        for row in identities.indices {
            starts[Self.shard(of: unsorted[row], shardBits) + 1] += 1
        }
        endParts()
        for row in identities.indices {
            let shard = Self.shard(of: unsorted[row], shardBits)
            keys[next[shard]] = unsorted[row]
            next[shard] += 1
        }
    }

    /// The part of `keys`, `attempts` and `rows` that is one shard's.
    package func part(of shard: Int) -> Range<Int> { starts[shard]..<starts[shard + 1] }

    private mutating func beginParts(_ shardBits: Int) {
        starts.removeAll(keepingCapacity: true)
        starts.append(contentsOf: repeatElement(0, count: 1 << shardBits + 1))
    }

    /// Expects at `starts[s + 1]` the count of shard s.
    private mutating func endParts() {
        for shard in 1..<starts.count { starts[shard] += starts[shard - 1] }
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: starts)
    }
}

// The loops over rows. They take the columns one by one, as two spans into one value cannot both be written.
extension BatchRoute {
    /// In two shifts, as one by all 64 bits would be none.
    @inline(__always)
    private static func shard(of key: UInt64, _ shardBits: Int) -> Int {
        Int(truncatingIfNeeded: (key &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- shardBits))
    }

    private static func count(
        _ keys: borrowing [UInt64], _ outcomes: borrowing [OutcomeCode], _ shardBits: Int, _ counts: inout [Int]
    ) {
        let (keys, outcomes) = (keys.span, outcomes.span)
        var counts = counts.mutableSpan
        for row in outcomes.indices where outcomes[row].isAccepted {
            counts[shard(of: keys[row], shardBits) &+ 1] &+= 1
        }
    }

    private static func place(
        _ unsorted: borrowing [UInt64], _ batch: borrowing RegistrationBatch, _ outcomes: borrowing [OutcomeCode],
        _ shardBits: Int, _ next: inout [Int], _ keys: inout [UInt64], _ attempts: inout [UInt32],
        _ rows: inout [PackedRow]
    ) {
        let (unsorted, outcomes) = (unsorted.span, outcomes.span)
        let (identities, times, latencies) = (batch.identity.span, batch.registeredAt.span, batch.latencyUs.span)
        let (countries, platforms, sources) = (batch.country.span, batch.platform.span, batch.source.span)
        var next = next.mutableSpan
        var keys = keys.mutableSpan
        var attempts = attempts.mutableSpan
        var rows = rows.mutableSpan
        for row in identities.indices where outcomes[row].isAccepted {
            let key = unsorted[row]
            let shard = shard(of: key, shardBits)
            let place = next[shard]
            next[shard] = place &+ 1
            keys[place] = key
            attempts[place] = UInt32(truncatingIfNeeded: row)
            rows[place] = PackedRow(
                registeredAt: times[row].rawValue, identity: identities[row].rawValue,
                attributes: PackedAttributes(
                    country: countries[row], platform: platforms[row], source: sources[row],
                    latencyUs: latencies[row]))
        }
    }
}

extension Array {
    fileprivate mutating func grow(to count: Int, with value: Element) {
        if self.count < count { append(contentsOf: repeatElement(value, count: count - self.count)) }
    }
}
