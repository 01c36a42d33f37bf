import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

struct PackedRowsTests {
    private func packed(_ rowCount: Int, _ columns: [PackedRowsPlan.Column]) throws -> PackedRows {
        let plan = PackedRowsPlan(rowCount: rowCount, columns)
        let rows = try #require(PackedRows(plan))
        #expect(rows.rowCount == rowCount && (plan.byteCount..<plan.byteCount + 4096).contains(rows.byteCount))
        return rows
    }

    /// Counts around those of blocks and of groups of them; each width around a value of its own.
    @Test(arguments: [0, 1, 2, 127, 128, 129, 2047, 2048, 2049, 5000])
    func everyRowIsFound(_ count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        for width in stride(from: 0, through: 64, by: count > 200 ? 9 : 1) {
            let mask: UInt64 = width == 64 ? .max : 1 << UInt64(width) - 1
            let base = Int64(bitPattern: random.next())
            let keys = (0..<count).map { Int64($0) &* 0x1234_5678_9abc_def1 }
            let wide = keys.map { _ in base &+ Int64(bitPattern: random.next() & mask) }
            let narrow = keys.map { _ in Int32(bitPattern: UInt32(truncatingIfNeeded: random.next() & mask)) }
            let codes = keys.map { _ in UInt16(truncatingIfNeeded: random.next() & mask) }
            let rows = try packed(count, [.int64(keys), .int64(wide), .int32(narrow), .uint16(codes)])
            let expected = keys.indices.flatMap { [keys[$0], wide[$0], Int64(narrow[$0]), Int64(codes[$0])] }
            #expect(rows.rows(holding: keys[...]) == expected)
        }
    }

    /// However keys lie in their blocks: ascending, in runs that overlap, at random, with the ends of their range.
    @Test(arguments: [1, 128, 700, 9000]) func whatIsNotThereIsNotFound(_ count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let orders: [[Int64]] = [
            (0..<count).map { Int64($0 * 2) },
            (0..<count).map { Int64(($0 * 7919 % count) * 2) },
            Array(Set((0..<count).map { _ in Int64(bitPattern: random.next() & ~1) })),
            [.min, .max - 1] + (0..<count).map { Int64($0 * 2) },
        ]
        for keys in orders {
            let rows = try packed(keys.count, [.int64(keys), .int32((0..<Int32(keys.count)).map { $0 })])
            let expected = keys.indices.flatMap { [keys[$0], Int64($0)] }
            #expect(rows.rows(holding: keys[...]) == expected)
            #expect(rows.rows(holding: keys.map { $0 ^ 1 }[...]) == [])
            let mixed = keys.prefix(300).flatMap { [$0 ^ 1, $0] }
            #expect(rows.rows(holding: mixed[...]) == Array(expected.prefix(600)))
            #expect(rows.rows(holding: [.max]) == [])
        }
    }

    /// Columns that are longer than there are rows, as scratch is; one that is the same throughout.
    @Test func onlyTheFirstValuesCount() throws {
        let keys = (0..<300).map { Int64($0) }
        let rows = try packed(200, [.int64(keys), .uint16([UInt16](repeating: 9, count: 250))])
        #expect(rows.rows(holding: keys[150..<300]) == (150..<200).flatMap { [Int64($0), 9] })
    }

    @Test func thePositionOfAValueIsTheFirst() {
        let values = (0..<200).map { Int64($0 % 100) - 50 }
        values.withUnsafeBufferPointer { values in
            for value in -51...50 as ClosedRange<Int64> {
                #expect(values.position(of: value) == values.firstIndex(of: value))
            }
            #expect(UnsafeBufferPointer(rebasing: values[..<0]).position(of: 0) == nil)
        }
    }
}
