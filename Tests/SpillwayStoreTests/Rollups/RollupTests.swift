import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct RollupTests {
    @Test(arguments: [(0, 1), (1, 1), (900, 3), (40_000, 1), (40_000, 30), (40_000, 1_000_000)] as [(Int, Int64)])
    func everyRowIsCountedInItsMinuteAndSeries(rowCount: Int, minutes: Int64) throws {
        var random = SplitMix64(seed: UInt64(rowCount) + UInt64(minutes))
        let rows = randomRows(rowCount, minutes: minutes, &random)
        let rollup = try #require(counted(rows))
        #expect(counts(rollup) == counts(rows) && isInOrder(rollup) && rollup.registrations == rowCount)
    }

    /// A minute before 1970 begins with the microseconds that a division would round into the next.
    @Test func timesBefore1970BelongToTheirMinute() throws {
        let rows = [-1, -60_000_000, -60_000_001, 0, 59_999_999, 60_000_000].map { (time: Int64) in
            PackedRow(registeredAt: time, identity: 1, attributes: Row(1).packed.attributes)
        }
        let rollup = try #require(counted(rows))
        #expect(rollup.minutes == [-2, -1, 0, 1] && rollup.counts == [1, 2, 2, 1])
    }

    @Test(arguments: [Int64.min, .max, (Int64(Int32.max) + 1) * 60_000_000, Int64(Int32.min) * 60_000_000 - 1])
    func aTimeWhoseMinuteHasNo32BitsCannotBeCounted(_ time: Int64) throws {
        var row = Row(1).packed
        row.registeredAt = time
        #expect(counted([Row(2).packed, row]) == nil)
        var counter = RollupCounter()
        let block = RowBlockPool().take()
        block.append(row)
        counter.add(block)
        #expect(counter.finish() == nil)
        // What comes after is another's.
        #expect(counter.finish() == Rollup())
        row.registeredAt = time < 0 ? Int64(Int32.min) * 60_000_000 : Int64(Int32.max) * 60_000_000
        #expect(counted([row])?.minutes == [time < 0 ? .min : .max])
    }

    @Test func aCounterForgetsWhatItGaveOut() throws {
        var random = SplitMix64(seed: 5)
        var counter = RollupCounter()
        for (count, minutes) in [(9_000, 100_000), (50, 2), (16_000, 5)] as [(Int, Int64)] {
            let rows = randomRows(count, minutes: minutes, &random)
            let block = RowBlockPool().take()
            for row in rows { block.append(row) }
            counter.add(block)
            #expect(counts(counter.finish()) == counts(rows))
        }
    }

    /// Of one minute, of neighbouring ones, of ones that lie far apart.
    @Test(arguments: [1, 2, 7, 40], [1, 20, 3_000_000] as [Int64])
    func aSumCountsWhatItsPartsDo(partCount: Int, minutes: Int64) throws {
        var random = SplitMix64(seed: UInt64(partCount) * 31 + UInt64(minutes))
        let parts = (0..<partCount).map { _ in randomRows(300, minutes: minutes, &random) }
        var sum = RollupSum()
        for part in parts { sum.add(counted(part)) }
        let merged = Rollup.merged(parts.compactMap { counted($0) })
        #expect(counts(merged) == counts(parts.joined()) && isInOrder(merged) && sum.rollup == merged)
        sum.add(nil)
        sum.add(merged)
        #expect(sum.rollup == nil)
    }

    @Test func nothingIsTheSumOfNothing() { #expect(Rollup.merged([]) == Rollup() && RollupSum().rollup == Rollup()) }

    /// What damaged files claim may be as large as it likes.
    @Test func aSumStopsAtTheGreatestCount() {
        let key = SeriesKey(Row(1).packed.attributes)
        for minutes in [[5, 6], [5, 2_000_000_000]] as [[Int32]] {
            var part = Rollup()
            part.append(key, minutes: minutes, counts: [UInt32.max - 1, 3])
            #expect(Rollup.merged([part, part]).counts == [.max, 6])
        }
    }
}
