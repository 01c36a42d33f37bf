import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

struct PackedIntegersTests {
    private func packed(_ values: [Int64], isSearched: Bool) -> PackedIntegers {
        values.withUnsafeBufferPointer { PackedIntegers($0, isSearched: isSearched) }
    }

    /// Sizes around those of blocks; each width around a value of its own.
    @Test(arguments: [0, 1, 2, 31, 63, 64, 65, 255, 256, 257, 1000])
    func everyValueComesBack(_ count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        for width in 0...64 {
            let mask: UInt64 = width == 64 ? .max : 1 << UInt64(width) - 1
            let base = Int64(bitPattern: random.next())
            let values = (0..<count).map { _ in base &+ Int64(bitPattern: random.next() & mask) }
            for isSearched in [true, false] {
                let packed = packed(values, isSearched: isSearched)
                #expect(values.indices.allSatisfy { packed[$0] == values[$0] })
                #expect(packed.count == count)
                #expect(packed.byteCount <= PackedIntegers.maximumByteCount(count: count, isSearched: isSearched))
            }
        }
    }

    @Test func theLimitsAreInTheSameBlock() {
        let values: [Int64] = [.min, .max, 0, -1, .max, .min, 1]
        for isSearched in [true, false] {
            let packed = packed(values, isSearched: isSearched)
            #expect(values.indices.map { packed[$0] } == values)
        }
    }

    @Test(arguments: [1, 64, 65, 700, 5000]) func theFirstIndexOfAValueIsFound(_ count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let orders: [[Int64]] = [
            (0..<count).map { Int64($0 * 3) },
            (0..<count).map { _ in Int64(bitPattern: random.next() & ~1) },
            (0..<count).map { Int64($0 % 50 * 2) },
            Array(repeating: 8, count: count),
        ]
        for values in orders {
            let packed = packed(values, isSearched: true)
            for value in values.shuffled(using: &random).prefix(200) {
                #expect(packed.firstIndex(of: value) == values.firstIndex(of: value))
                let other = value ^ 1
                #expect(packed.firstIndex(of: other) == values.firstIndex(of: other))
            }
            #expect(packed.firstIndex(of: .min) == nil && packed.firstIndex(of: .max) == nil)
        }
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
