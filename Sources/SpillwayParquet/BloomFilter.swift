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
        let byteCount = min(values.count, Self.maximumByteCount) * 21 / 16
        let blockCount = min(byteCount, Self.maximumByteCount - 1) / Self.blockByteCount + 1
        blocks = Array(repeating: Block(), count: blockCount)
        var blocks = blocks.mutableSpan
        for index in values.indices {
            let hash = xxh64(UInt64(bitPattern: values[index]))
            let block = Self.block(of: hash, count: blocks.count)
            blocks[block] |= Self.mask(of: hash)
        }
    }

    init(blocks: [Block]) {
        precondition(!blocks.isEmpty && blocks.count <= Self.maximumByteCount / Self.blockByteCount)
        self.blocks = blocks
    }

    /// False if the chunk does not hold `value`.
    package func mightContain(_ value: Int64) -> Bool {
        let hash = xxh64(UInt64(bitPattern: value))
        let mask = Self.mask(of: hash)
        return blocks[Self.block(of: hash, count: blocks.count)] & mask == mask
    }

    /// The hash's high half, scaled to the number of blocks, which need not be a power of two.
    @inline(__always)
    private static func block(of hash: UInt64, count: Int) -> Int {
        Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: count)) &>> 32)
    }

    /// One bit in each word, chosen by the hash's low half and the word's salt.
    @inline(__always)
    private static func mask(of hash: UInt64) -> Block {
        let salt = Block(
            0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31)
        let bits = (Block(repeating: UInt32(truncatingIfNeeded: hash)) &* salt) &>> 27
        return Block(repeating: 1) &<< bits
    }
}
