import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

@Suite struct IdentityIndexTests {
    /// What identities look like; each comes up more than once.
    enum Identities: CaseIterable {
        case random, counted, highest, extremes
    }

    /// Keys of a shard: what the permutation makes of identities, and 0 and the highest key as they are.
    private func keys(_ kind: Identities, count: Int, sharedBits: Int) -> [UInt64] {
        var generator = SplitMix64(seed: 7)
        let permutation = IdentityPermutation(key: (0..<8).map { _ in generator.next() })
        return (0..<count).map { index in
            if kind == .extremes, index % 3 < 2 { return index % 3 == 0 ? 0 : UInt64.max >> UInt64(sharedBits) }
            let identity: UInt64 =
                switch kind {
                case .random: generator.next() & 0x7fff
                case .counted: UInt64(index / 2)
                case .highest, .extremes: UInt64.max - UInt64(index / 2)
                }
            return permutation(Identity(rawValue: identity)) >> UInt64(sharedBits)
        }
    }

    /// Insertions and removals in any order, in a table that is nearly full where its 8 shared bits make it small: there
    /// keys are displaced, and some find no room within reach.
    @Test(arguments: Identities.allCases, [0, 8]) func removalsAgreeWithASet(kind: Identities, sharedBits: Int) throws {
        var index = try makeIndex(sharedBits: sharedBits, limitBytes: 64 << 10)
        var model: Set<UInt64> = []
        var generator = SplitMix64(seed: 3)
        let shardPrefix = sharedBits == 0 ? 0 : UInt64(5) << UInt64(64 - sharedBits)
        let keys = Array(Set(keys(kind, count: 20_000, sharedBits: sharedBits).map { $0 | shardPrefix }))
        for step in 0..<60_000 {
            let key = keys[Int(generator.next() % UInt64(keys.count))]
            if generator.next() % 5 < (step < 30_000 ? 1 : 3) {
                let (wasThere, wasModelled) = (index.remove(key), model.remove(key) != nil)
                #expect(wasThere == wasModelled)
            } else if index.reserve(1) > 0 {
                let (isNew, isModelled) = (index.insert(key), model.insert(key).inserted)
                #expect(isNew == isModelled)
            }
        }
        for key in keys {
            let isThere = index.contains(key)
            #expect(isThere == model.contains(key))
        }
        let count = index.count
        #expect(count == model.count)
    }

    @Test(arguments: Identities.allCases, [0, 8]) func agreesWithASet(kind: Identities, sharedBits: Int) throws {
        var index = try makeIndex(sharedBits: sharedBits, limitBytes: 16 << 20)
        var model: Set<UInt64> = []
        let shardPrefix = sharedBits == 0 ? 0 : UInt64(5) << UInt64(64 - sharedBits)
        let keys = keys(kind, count: 40_000, sharedBits: sharedBits).map { $0 | shardPrefix }
        for key in keys {
            let room = index.reserve(1)
            try #require(room > 0)
            let wasThere = index.contains(key)
            #expect(wasThere == model.contains(key))
            let isNew = index.insert(key)
            #expect(isNew == model.insert(key).inserted)
        }
        let missing = model.filter { !index.contains($0) }
        #expect(missing.isEmpty)
    }

    /// Batches in which keys come up twice, in a table that grows and in the end is nearly full.
    @Test(arguments: [1, 31, 700]) func batchesAgreeWithASet(batchSize: Int) throws {
        var index = try makeIndex(sharedBits: 8, limitBytes: 256 << 10)
        var model: Set<UInt64> = []
        var generator = SplitMix64(seed: UInt64(batchSize))
        var positions = KeyPositions()
        while index.reserve(batchSize) >= batchSize {
            var keys = (0..<batchSize).map { _ in generator.next() >> 8 }
            for place in keys.indices where generator.next() % 4 == 0 {
                keys[place] = keys[Int(generator.next() % UInt64(batchSize))]
            }
            let isNew = keys.map { model.insert($0).inserted }
            index.insert(keys.span, &positions)
            var answers = [Bool?](repeating: nil, count: batchSize)
            for number in 0..<positions.freshCount { answers[positions.fresh(number)] = true }
            for number in 0..<positions.knownCount { answers[positions.known(number)] = false }
            #expect(answers == isNew)
        }
        #expect(model.count > 30_000)
        let missing = model.filter { !index.contains($0) }
        #expect(missing.isEmpty)
    }

    /// However large the table, a key has few others moved: nobody waits for the whole to grow.
    @Test func growsAFewBucketsAtATime() throws {
        var index = try makeIndex(sharedBits: 4, limitBytes: 16 << 20)
        var generator = SplitMix64(seed: 5)
        var (steps, growths) = (0, 0)
        while index.count < 600_000 {
            let (wasGrowing, frontier) = (index.isGrowing, index.frontierBucket)
            try #require(index.reserve(1) > 0)
            if wasGrowing { steps = max(steps, frontier - index.frontierBucket) }
            if !wasGrowing, index.isGrowing { growths += 1 }
            _ = index.insert(generator.next() >> 4)
        }
        #expect(growths >= 2)
        // 64, as many as are full behind one another, and the last 480 at once.
        #expect(steps < 700)
    }

    @Test func growsInOneStepToWhatIsAsked() throws {
        var index = try makeIndex(sharedBits: 2, limitBytes: 64 << 20)
        var generator = SplitMix64(seed: 3)
        let keys = (0..<5_000).map { _ in generator.next() >> 2 }
        for key in keys where index.reserve(1) > 0 { _ = index.insert(key) }
        let room = index.reserve(1_000_000)
        #expect(room >= 1_000_000)
        let missing = keys.filter { !index.contains($0) }
        #expect(missing.isEmpty)
    }

    /// Known keys are still found, and there is room for no more than the budget pays for.
    @Test func stopsGrowingAtTheBudget() throws {
        var index = try makeIndex(sharedBits: 0, limitBytes: 200_000)
        var generator = SplitMix64(seed: 11)
        var kept: [UInt64] = []
        while index.reserve(1) > 0 {
            let key = generator.next()
            if index.insert(key) { kept.append(key) }
            try #require(kept.count < 33_000, "more keys than 200 000 bytes can hold")
        }
        #expect(kept.count > 4_000)
        let missing = kept.filter { !index.contains($0) }
        let findsStranger = index.contains(generator.next())
        let room = index.reserve(1_000)
        #expect(missing.isEmpty && !findsStranger && room == 0)
    }

    private func makeIndex(sharedBits: Int, limitBytes: Int) throws -> IdentityIndex {
        struct NoMemory: Error {}
        guard let index = IdentityIndex(sharedBits: sharedBits, limitBytes: limitBytes) else { throw NoMemory() }
        return index
    }
}

@Suite struct IdentityPermutationTests {
    private let permutation = IdentityPermutation(key: (0..<8).map { 0x9e37_79b9_7f4a_7c15 &* UInt64($0 + 1) })

    @Test func distinctIdentitiesHaveDistinctKeys() {
        let identities = (0..<200_000).map { UInt64($0) } + (0..<200_000).map { 5_511_900_000_000 + UInt64($0) }
        let keys = Set(identities.map { permutation(Identity(rawValue: $0)) })
        #expect(keys.count == identities.count)
    }

    /// Telephone numbers that follow each other fall on all shards alike.
    @Test func consecutiveIdentitiesSpread() {
        var counts = [Int](repeating: 0, count: 16)
        for number in 0..<160_000 {
            counts[Int(permutation(Identity(rawValue: 4_915_100_000_000 + UInt64(number))) >> 60)] += 1
        }
        // 10 000 each, give or take six standard deviations.
        for count in counts { #expect(abs(count - 10_000) < 600) }
    }

    @Test func anotherKeyGivesAnotherOrder() {
        let other = IdentityPermutation(key: (0..<8).map { 0x2545_f491_4f6c_dd1d &* UInt64($0 + 1) })
        let same = (0..<1_000).filter { permutation(Identity(rawValue: $0)) == other(Identity(rawValue: $0)) }
        #expect(same.isEmpty)
    }
}
