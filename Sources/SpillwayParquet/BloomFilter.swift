import CSpillwayKernels

/// A split-block Bloom filter (BloomFilter.md) of INT64 values: says of any value either that the column chunk does
/// not hold it, for sure, or that it may.
package struct BloomFilter: Sendable, Hashable {
    /// 256 bits, of which a value sets one in each word.
    typealias Block = SIMD8<UInt32>

    static let blockByteCount = 32
    /// Other readers take no more.
    package static let maximumByteCount = 128 << 20
    /// More than a header takes, also one with fields that are unknown here.
    static let maximumHeaderByteCount = 256

    var blocks: [Block]

    /// The filter of a chunk's values, at 10.5 bits each: 1 % of other values pass it. Beyond some hundred million
    /// values it grows no further, and lets more pass.
    package init(_ values: Span<Int64>) {
        blocks = Array(repeating: Block(), count: Self.byteCount(valueCount: values.count) / Self.blockByteCount)
        let blockCount = blocks.count
        values.withUnsafeBufferPointer { values in
            guard let first = values.baseAddress else { return }
            blocks.withUnsafeMutableBytes { blocks in
                guard let words = blocks.bindMemory(to: UInt32.self).baseAddress else { return }
                spillway_bloom_insert(words, blockCount, first, values.count)
            }
        }
    }

    /// What the filter of so many values takes.
    package static func byteCount(valueCount: Int) -> Int {
        let byteCount = min(valueCount, maximumByteCount) * 21 / 16
        return (min(byteCount, maximumByteCount - 1) / blockByteCount + 1) * blockByteCount
    }

    package var byteCount: Int { blocks.count * Self.blockByteCount }

    init(blocks: [Block]) {
        precondition(!blocks.isEmpty && blocks.count <= Self.maximumByteCount / Self.blockByteCount)
        self.blocks = blocks
    }

    /// False if the chunk does not hold `value`.
    package func mightContain(_ value: Int64) -> Bool {
        blocks.withUnsafeBytes { blocks in
            guard let words = blocks.baseAddress else { return false }
            var (value, position) = (value, 0 as UInt32)
            return spillway_bloom_find(words, blocks.count / Self.blockByteCount, &value, 1, &position) == 1
        }
    }

    /// Those values, in their order, that the chunk may hold.
    package func passing(_ values: ArraySlice<Int64>) -> [Int64] { values.withUnsafeBufferPointer(passing) }

    private func passing(_ values: UnsafeBufferPointer<Int64>) -> [Int64] {
        blocks.withUnsafeBytes { Self.passing(values, blocks: $0) }
    }

    static func passing(_ values: UnsafeBufferPointer<Int64>, blocks: UnsafeRawBufferPointer) -> [Int64] {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: values.count) { positions in
            guard let words = blocks.baseAddress, let first = values.baseAddress, let room = positions.baseAddress
            else { return [] }
            let count = spillway_bloom_find(words, blocks.count / blockByteCount, first, values.count, room)
            return (0..<count).map { values[Int(room[$0])] }
        }
    }
}
