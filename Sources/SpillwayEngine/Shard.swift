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
    /// What became of attempts that brought no row, of batches that ended in the gathering epoch here.
    private var outcomes = OutcomeTally()
    /// The same of the epoch before, until the committer takes it.
    private var endedOutcomes = OutcomeTally()
    /// What became of the part of a batch judged last; kept for reuse.
    private var positions = KeyPositions()
    /// The epoch that gathers.
    private(set) var epoch: UInt64
    /// Attempts of the replayed stream that have passed this shard: only the batch that begins there may come next.
    private(set) var passed: StreamPosition
    /// A batch of the stream will never come, so those behind it need not wait.
    private(set) var isStreamBroken = false

    /// Nil if there is no memory for an empty index. `number` counts the shards, of which there are 2^`sharedBits`.
    package init?(number: Int, sharedBits: Int, indexBytes: Int, epoch: UInt64, passed: StreamPosition) {
        let phase = Double(number) / Double(1 << sharedBits)
        guard let index = IdentityIndex(sharedBits: sharedBits, limitBytes: indexBytes, phase: phase) else {
            return nil
        }
        self.index = index
        self.epoch = epoch
        self.passed = passed
    }

    /// Makes room for identities that are expected, if memory allows.
    package mutating func reserve(_ expected: Int) {
        // Shards differ by a few standard deviations of chance.
        _ = index.reserve(expected + expected / 64)
    }

    /// Takes the memory of all that room.
    func populate() { index.populate() }

    var knownCount: Int { index.count }

    /// Gives each attempt of one shard's part of a batch its outcome, and keeps the rows of the new ones.
    ///
    /// - Returns: how many are new.
    package mutating func judge(
        _ route: borrowing BatchRoute, part: Range<Int>, outcomes: inout [OutcomeCode], pool: RowBlockPool
    ) -> Int {
        if index.reserve(part.count) >= part.count {
            index.insert(route.keys.span.extracting(part), &positions)
        } else {
            insertWithoutRoom(route, part: part, outcomes: &outcomes)
        }
        let attempts = route.attempts.span
        var codes = outcomes.mutableSpan
        for next in 0..<positions.knownCount {
            codes[Int(attempts[part.lowerBound + positions.known(next)])] = .duplicate
        }
        keepFresh(of: route, from: part.lowerBound, pool)
        return positions.freshCount
    }

    /// Where memory is used up: known identities are told so, new ones are refused once no slot is left.
    private mutating func insertWithoutRoom(
        _ route: borrowing BatchRoute, part: Range<Int>, outcomes: inout [OutcomeCode]
    ) {
        positions.removeAll(capacity: part.count)
        for place in part {
            let key = route.keys[place]
            if index.contains(key) {
                positions.appendKnown(place - part.lowerBound)
            } else if index.reserve(1) > 0 {
                _ = index.insert(key)
                positions.appendFresh(place - part.lowerBound)
            } else {
                outcomes[Int(route.attempts[place])] = .refused(.memoryFull)
            }
        }
    }

    /// Appends the rows of the attempts that are new; `first` is the part's first place in the route.
    private mutating func keepFresh(of route: borrowing BatchRoute, from first: Int, _ pool: RowBlockPool) {
        let rows = route.rows.span
        var next = 0
        while next < positions.freshCount {
            let block = roomyBlock(pool)
            let room = block.rows + block.count
            let added = min(positions.freshCount - next, RowBlock.capacity - block.count)
            for offset in 0..<added { room[offset] = rows[first + positions.fresh(next &+ offset)] }
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
        index.insert(route.keys.span.extracting(part), &positions)
        if positions.knownCount > 0 { throw .knownAlready }
    }

    /// Counts in what became of a batch, once it is judged.
    mutating func add(_ tally: OutcomeTally) { outcomes += tally }

    func knows(_ key: UInt64) -> Bool { index.contains(key) }

    mutating func forget(_ key: UInt64) { _ = index.remove(key) }

    /// Makes sure that `number` is the epoch that gathers: what the one before it has is set aside for the committer,
    /// who has ended that one already, if at another shard only.
    mutating func beginEpoch(_ number: UInt64) {
        guard epoch < number else { return }
        precondition(number == epoch + 1 && endedBlocks.isEmpty && endedOutcomes.isEmpty)
        epoch = number
        swap(&blocks, &endedBlocks)
        swap(&outcomes, &endedOutcomes)
    }

    /// What the epoch that ended last has here.
    mutating func takeEnded() -> GatheredEpoch {
        defer { (endedBlocks, endedOutcomes) = ([], OutcomeTally()) }
        return GatheredEpoch(blocks: endedBlocks, outcomes: endedOutcomes)
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
