import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// A slice of the identity space: which identities are known, and the rows that the gathering epoch has of them.
/// Lives behind its own lock.
package struct Shard: ~Copyable {
    private var index: IdentityIndex
    /// The gathering epoch's rows; the last block is being filled.
    private var blocks: [RowBlock] = []
    /// Rows of the epoch before, until the committer takes them.
    private var endedBlocks: [RowBlock] = []
    /// Attempts found new, between judging and keeping; kept for reuse.
    private var fresh: [UInt32] = []
    /// The epoch that gathers.
    private(set) var epoch: UInt64
    /// Attempts of the replayed stream that have passed this shard: only the batch that begins there may come next.
    private(set) var passed: StreamPosition
    /// A batch of the stream will never come, so those behind it need not wait.
    private(set) var isStreamBroken = false

    /// Nil if there is no memory for an empty index.
    package init?(sharedBits: Int, indexBytes: Int, epoch: UInt64, passed: StreamPosition) {
        guard let index = IdentityIndex(sharedBits: sharedBits, limitBytes: indexBytes) else { return nil }
        self.index = index
        self.epoch = epoch
        self.passed = passed
    }

    /// Makes room for identities that are expected, if memory allows.
    package mutating func reserve(_ expected: Int) {
        // Shards differ by a few standard deviations of chance.
        _ = index.reserve(expected + expected / 64)
    }

    var knownCount: Int { index.count }

    /// How far ahead of its use a key's slot is asked for.
    private static let prefetchDistance = 32

    /// Gives each attempt of one shard's part of a batch its outcome, and keeps the rows of the new ones.
    ///
    /// - Returns: how many are new.
    package mutating func judge(
        _ route: borrowing BatchRoute, part: Range<Int>, of batch: borrowing RegistrationBatch,
        outcomes: inout [OutcomeCode], pool: RowBlockPool
    ) -> Int {
        let room = index.reserve(part.count)
        guard room >= part.count else {
            return judgeWithoutRoom(route, part: part, of: batch, outcomes: &outcomes, pool: pool)
        }
        let freshCount = admit(route, part: part, outcomes: &outcomes)
        keep(freshCount, of: batch, pool)
        return freshCount
    }

    /// Enters the part's keys into the index; the attempts that are new come to stand at the front of `fresh`.
    private mutating func admit(
        _ route: borrowing BatchRoute, part: Range<Int>, outcomes: inout [OutcomeCode]
    ) -> Int {
        var fresh = Self.take(&self.fresh, count: part.count)
        defer { self.fresh = fresh }
        var freshCount = 0
        let keys = route.keys.span
        let attempts = route.attempts.span
        var codes = outcomes.mutableSpan
        var admitted = fresh.mutableSpan
        for place in part.prefix(Self.prefetchDistance) { index.prefetch(keys[place]) }
        for place in part {
            let ahead = place + Self.prefetchDistance
            if ahead < part.upperBound { index.prefetch(keys[ahead]) }
            let attempt = attempts[place]
            if index.insert(keys[place]) {
                admitted[freshCount] = attempt
                freshCount += 1
            } else {
                codes[Int(attempt)] = .duplicate
            }
        }
        return freshCount
    }

    /// Moves a reused list out of its place, with room for `count` entries.
    private static func take(_ list: inout [UInt32], count: Int) -> [UInt32] {
        var taken: [UInt32] = []
        swap(&list, &taken)
        if taken.count < count { taken.append(contentsOf: repeatElement(0, count: count - taken.count)) }
        return taken
    }

    /// The same where memory is used up: known identities are told so, new ones are refused once no slot is left.
    private mutating func judgeWithoutRoom(
        _ route: borrowing BatchRoute, part: Range<Int>, of batch: borrowing RegistrationBatch,
        outcomes: inout [OutcomeCode], pool: RowBlockPool
    ) -> Int {
        fresh.removeAll(keepingCapacity: true)
        for place in part {
            let attempt = route.attempts[place]
            let key = route.keys[place]
            if index.contains(key) {
                outcomes[Int(attempt)] = .duplicate
            } else if index.reserve(1) > 0 {
                _ = index.insert(key)
                fresh.append(attempt)
            } else {
                outcomes[Int(attempt)] = .refused(.memoryFull)
            }
        }
        let freshCount = fresh.count
        keep(freshCount, of: batch, pool)
        return freshCount
    }

    /// Appends the rows of the first `count` attempts in `fresh`.
    private mutating func keep(_ count: Int, of batch: borrowing RegistrationBatch, _ pool: RowBlockPool) {
        let fresh = Self.take(&self.fresh, count: 0)
        defer { self.fresh = fresh }
        let (identities, times, latencies) = (batch.identity.span, batch.registeredAt.span, batch.latencyUs.span)
        let (countries, platforms, sources) = (batch.country.span, batch.platform.span, batch.source.span)
        var next = 0
        while next < count {
            let block = roomyBlock(pool)
            let start = block.count
            let added = min(count - next, RowBlock.capacity - start)
            for offset in 0..<added {
                let attempt = Int(fresh[next + offset])
                let attributes = PackedAttributes(
                    country: countries[attempt], platform: platforms[attempt], source: sources[attempt],
                    latencyUs: latencies[attempt])
                block.registeredAt[start + offset] = times[attempt].rawValue
                block.identity[start + offset] = identities[attempt].rawValue
                block.attributes[start + offset] = attributes.rawValue
            }
            block.grow(by: added)
            next += added
        }
    }

    private mutating func roomyBlock(_ pool: RowBlockPool) -> RowBlock {
        if let last = blocks.last, !last.isFull { return last }
        let block = pool.take()
        blocks.append(block)
        return block
    }

    /// Learns identities that are stored already.
    mutating func remember(_ route: borrowing BatchRoute, part: Range<Int>) throws(RememberFailure) {
        guard index.reserve(part.count, upTo: .recovering) >= part.count else { throw .memoryFull }
        let keys = route.keys.span
        for place in part.prefix(Self.prefetchDistance) { index.prefetch(keys[place]) }
        for place in part {
            let ahead = place + Self.prefetchDistance
            if ahead < part.upperBound { index.prefetch(keys[ahead]) }
            guard index.insert(keys[place]) else { throw .knownAlready }
        }
    }

    func knows(_ key: UInt64) -> Bool { index.contains(key) }

    mutating func forget(_ key: UInt64) { _ = index.remove(key) }

    /// Makes sure that `number` is the epoch that gathers: the rows of the one before it are set aside for the committer,
    /// who has ended that one already, if at another shard only.
    mutating func beginEpoch(_ number: UInt64) {
        guard epoch < number else { return }
        precondition(number == epoch + 1 && endedBlocks.isEmpty)
        epoch = number
        swap(&blocks, &endedBlocks)
    }

    /// The rows of the epoch that ended last.
    mutating func takeEnded() -> [RowBlock] {
        defer { endedBlocks = [] }
        return endedBlocks
    }

    mutating func pass(_ position: StreamPosition) { passed = position }

    /// The next batch of the stream is the one that begins at `position`.
    mutating func beginStream(at position: StreamPosition) {
        passed = position
        isStreamBroken = false
    }

    mutating func breakStream() { isStreamBroken = true }
}

extension [Monitor<Shard>] {
    /// Lets go of all that wait for a batch of the stream that will never come.
    func breakStream() {
        for shard in self { shard.withLock(notify: true) { $0.breakStream() } }
    }
}

/// Why stored identities cannot be taken into the index.
enum RememberFailure: Error {
    /// An identity is stored twice.
    case knownAlready
    case memoryFull
}
