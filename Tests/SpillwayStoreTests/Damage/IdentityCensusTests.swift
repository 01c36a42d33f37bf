import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct IdentityCensusTests {
    /// Neighbours, as telephone numbers are, and numbers from all over, 0 among them.
    private static let identities: [Int64] = {
        var random = SplitMix64(seed: 4)
        return (0..<600_000).map { $0 % 2 == 0 ? Int64($0) : Int64(bitPattern: random.next()) }
    }()

    /// Each pass takes its part, and spreads it: else memory were not bounded, and one thread had all the work.
    @Test func passesAndBucketsShareTheIdentities() throws {
        var random = SplitMix64(seed: 5)
        let census = IdentityCensus(
            count: Self.identities.count, memoryBytes: 3 << 20, randomWord: random.next())
        #expect(census.passCount == 3)
        for pass in 0..<census.passCount {
            Self.identities.withUnsafeBufferPointer { census.add($0, pass: pass) }
            let sizes = census.bucketSizes
            #expect(sizes.count == 3)
            let share = Self.identities.count / census.passCount / sizes.count
            #expect(sizes.allSatisfy { abs($0 - share) < share / 8 }, "\(sizes)")
            try census.endPass(threads: 2)
            #expect(census.bucketSizes == [0, 0, 0])
        }
        #expect(census.repeatedIdentities == [])
    }

    @Test func fewOrNoIdentitiesAreNoRepetitions() throws {
        for identities in [[], [0], [0, 1], [7, 7], [0, 0, 0, -1]] as [[Int64]] {
            let census = IdentityCensus(count: identities.count, memoryBytes: 0, randomWord: 1)
            identities.withUnsafeBufferPointer { census.add($0, pass: 0) }
            try census.endPass(threads: 1)
            let repeated = Dictionary(grouping: identities) { $0 }.filter { $0.value.count > 1 }
            #expect(census.repeatedIdentities == Set(repeated.keys.map { UInt64(bitPattern: $0) }))
        }
    }

    /// In whichever pass and bucket they fall.
    @Test func everyRepetitionIsFound() throws {
        let repeated = (0..<1_000).map { Self.identities[$0 * 600] }
        let census = IdentityCensus(
            count: Self.identities.count + repeated.count, memoryBytes: 3 << 20, randomWord: 0x9e37_79b9_7f4a_7c15)
        for pass in 0..<census.passCount {
            for part in [Self.identities, repeated] {
                part.withUnsafeBufferPointer { census.add($0, pass: pass) }
            }
            try census.endPass(threads: 2)
        }
        #expect(census.repeatedIdentities == Set(repeated.map { UInt64(bitPattern: $0) }))
    }

    /// Around multiples of what a chunk of memory holds, which is used again in the next pass.
    @Test(arguments: [1, 2, 510, 511, 512, 1021, 1022, 1023, 5_000])
    func repetitionsAtTheEndsOfChunksAreFound(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let census = IdentityCensus(count: count, memoryBytes: 1 << 30, randomWord: random.next())
        var expected: Set<UInt64> = []
        for pass in 0..<3 {
            let identities = (0..<count).map { _ in Int64(bitPattern: random.next()) }
            let repeated = pass == 1 ? [] : [identities[0], identities[count / 2], identities[count - 1]]
            let parts = [identities[..<(count / 3)], identities[(count / 3)...], repeated[...]].map(Array.init)
            try concurrentPerform(parts.count, threads: 2) { index in
                parts[index].withUnsafeBufferPointer { census.add($0, pass: 0) }
            }
            #expect(census.bucketSizes == [count + repeated.count])
            try census.endPass(threads: 1)
            expected.formUnion(repeated.map { UInt64(bitPattern: $0) })
            #expect(census.repeatedIdentities == expected)
        }
    }

    /// As a store may be damaged, or made, in which more is repeated than anybody expects.
    @Test func moreThanWasExpectedIsTaken() throws {
        let census = IdentityCensus(count: 1, memoryBytes: 1 << 20, randomWord: 0x9e37_79b9_7f4a_7c15)
        let identities = (0..<300_000).map { Int64($0 < 200_000 ? 9 : $0) }
        identities.withUnsafeBufferPointer { census.add($0, pass: 0) }
        #expect(census.bucketSizes == [300_000])
        try census.endPass(threads: 1)
        #expect(census.repeatedIdentities == [9])
    }
}
