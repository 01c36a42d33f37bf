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
        var scratch = CensusScratch()
        for pass in 0..<census.passCount {
            Self.identities.withUnsafeBufferPointer { census.add($0, pass: pass, &scratch) }
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
            var scratch = CensusScratch()
            identities.withUnsafeBufferPointer { census.add($0, pass: 0, &scratch) }
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
        var scratch = CensusScratch()
        for pass in 0..<census.passCount {
            for part in [Self.identities, repeated] {
                part.withUnsafeBufferPointer { census.add($0, pass: pass, &scratch) }
            }
            try census.endPass(threads: 2)
        }
        #expect(census.repeatedIdentities == Set(repeated.map { UInt64(bitPattern: $0) }))
    }
}
