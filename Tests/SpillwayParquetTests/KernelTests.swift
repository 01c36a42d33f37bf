import CSpillwayKernels
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

/// Kernels that use special instructions against code that does not.
struct KernelTests {
    /// Blocks of random bits: the least delta, four widths, and so many bits of each delta.
    private func blocks(_ count: Int, widths: ClosedRange<UInt8>, _ random: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            var least = random.next() >> UInt64.random(in: 2...63, using: &random)
            while least > 127 {
                bytes.append(UInt8(truncatingIfNeeded: least) | 128)
                least >>= 7
            }
            bytes.append(UInt8(least))
            let widths = (0..<4).map { _ in UInt8.random(in: widths, using: &random) }
            bytes += widths
            for width in widths { bytes += (0..<4 * Int(width)).map { _ in UInt8.random(in: 0...255, using: &random) } }
        }
        return bytes
    }

    /// Each width alone and all of them mixed; with blocks whole, cut off, and more than there is room for.
    @Test(arguments: (0...64).map { $0...$0 } + [0...64, 0...32])
    func deltaBlocksAgreeWithPortableCode(widths: ClosedRange<UInt8>) {
        var random = SplitMix64(seed: UInt64(widths.lowerBound))
        for _ in 0..<8 {
            let bytes = blocks(5, widths: widths, &random)
            // A copy of its own, so that a sanitizer sees what is read beyond its end.
            let part = Array(bytes.prefix(bytes.count - Int.random(in: 0...3, using: &random)))
            let room = Int.random(in: 500...700, using: &random)
            let first = random.next()
            expectAgreement(
                part, room: room, first: first, of: Int64(0), spillway_delta_blocks_i64,
                spillway_delta_blocks_portable_i64)
            expectAgreement(
                part, room: room, first: first, of: Int32(0), spillway_delta_blocks_i32,
                spillway_delta_blocks_portable_i32)
        }
    }

    private typealias Decode<Value> = (
        UnsafePointer<UInt8>, Int, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Value>, Int,
        UnsafeMutablePointer<UInt64>
    ) -> Int

    private func expectAgreement<Value: FixedWidthInteger>(
        _ bytes: [UInt8], room: Int, first: UInt64, of zero: Value, _ special: @escaping Decode<Value>,
        _ portable: @escaping Decode<Value>
    ) {
        let results = [special, portable].map { decode in
            var (values, used, last) = ([Value](repeating: zero, count: room), 0, first)
            let count = decode(bytes, bytes.count, &used, &values, room, &last)
            return (values, used, count, Value(truncatingIfNeeded: last))
        }
        let agree = results[0] == results[1]
        #expect(agree)
        #expect(results[0].2 > 0 && results[0].2 % 128 == 0)
    }

    @Test func rangesCountWhatLiesInThem() {
        var random = SplitMix64(seed: 3)
        let wide: [Int64] = [.min, -1, 0, 1, .max] + (0..<200).map { _ in Int64(bitPattern: random.next()) }
        let narrow = wide.map { Int32(truncatingIfNeeded: $0) }
        for first in wide.prefix(20) {
            for width in [0, 1, UInt64(Int32.max), .max >> 1, .max, random.next()] {
                let isInside = { (value: Int64) in UInt64(bitPattern: value &- first) <= width }
                let (wideCount, narrowCount) = (wide.count(where: isInside), narrow.count { isInside(Int64($0)) })
                wide.withUnsafeBufferPointer { #expect(Int64.count($0, from: first, width: width) == wideCount) }
                narrow.withUnsafeBufferPointer { #expect(Int32.count($0, from: first, width: width) == narrowCount) }
            }
        }
    }

    @Test(arguments: [(1, 3), (4, 11), (9, 7), (5, 26)] as [(Int, UInt32)])
    func digitsAreCountedByPrefix(prefixCount: Int, shift: UInt32) {
        let width: UInt32 = 4
        var random = SplitMix64(seed: UInt64(prefixCount))
        // A tenth of them near one another, so that prefixes repeat.
        let values = (0..<1037).map { index -> Int32 in
            index % 10 == 0 ? Int32(index) << 8 : Int32.random(in: 0...Int32.max, using: &random)
        }
        let all = Set(values.map { UInt32($0) >> (shift + width) })
        let prefixes = Array(all.shuffled(using: &random).prefix(prefixCount))
        var expected = [Int](repeating: 0, count: prefixes.count << 4)
        for value in values.map({ UInt32($0) }) {
            guard let place = prefixes.firstIndex(of: value >> (shift + width)) else { continue }
            expected[place << 4 | Int(value >> shift & 15)] += 1
        }
        var counters = [Int](repeating: 0, count: expected.count)
        values.withUnsafeBufferPointer { values in
            counters.withUnsafeMutableBufferPointer {
                values.countDigits(of: width, shift: shift, prefixes: prefixes[...], in: $0)
            }
        }
        #expect(counters == expected)
    }

    @Test(
        arguments: [0, 1, 15, 16, 17, 5_000],
        [(Int32.min, Int32.max), (0, 0), (-3, 900), (.max, .max)] as [(Int32, Int32)])
    func valuesInARangeArePickedInOrder(count: Int, range: (first: Int32, last: Int32)) {
        var random = SplitMix64(seed: UInt64(count))
        let values = (0..<count).map { index in
            index % 7 == 0
                ? [Int32.min, 0, .max].randomElement(using: &random) ?? 0
                : Int32.random(in: -2_000...2_000, using: &random)
        }
        let expected = values.filter { (range.first...range.last).contains($0) }
        let expectedBelow = values.count { $0 < range.first }
        var (picked, below): ([Int32], Int) = ([7], 1)
        values.withUnsafeBufferPointer { $0.pick(range.first, range.last, into: &picked, below: &below) }
        #expect(picked == [7] + expected && below == 1 + expectedBelow)
        let width = UInt32(bitPattern: range.last &- range.first)
        var room = [Int32](repeating: 0, count: count + 1)
        below = 0
        let found = spillway_pick_in_range_portable_i32(values, count, range.first, width, &room, &below)
        #expect(Array(room[..<found]) == expected && below == expectedBelow)
    }

    @Test func allMarkedValuesAreFoundAndFewOthers() {
        var random = SplitMix64(seed: 5)
        let values = (0..<20_000).map { _ in Int64(bitPattern: random.next()) }
        let sought = stride(from: 0, to: values.count, by: 100).map { $0 }
        let marks = ValueMarks(sought.map { values[$0] })
        var positions: [UInt32] = []
        let count = values.withUnsafeBufferPointer { marks.find(in: $0, &positions) }
        let found = positions[..<count].map(Int.init)
        #expect(found == found.sorted() && Set(sought).isSubset(of: found))
        #expect(found.count < sought.count + 200)
    }
}
