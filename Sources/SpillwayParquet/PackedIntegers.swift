import CSpillwayKernels

/// Integers in memory, in about as many bits as on disk, of which each can be got by itself: in blocks, as how far they
/// lie above the block's least, in as many bits as the greatest of them takes.
package struct PackedIntegers: Sendable {
    package static let maximumCount = 1 << 30

    package let count: Int
    /// Values of each block but the last: a multiple of 32, what kernels pack at once.
    private let blockSize: Int
    private var blocks: [Block] = []
    // Of each block; empty unless values can be looked for.
    private var ranges = Ranges()
    /// Of groups of as many blocks as ``blocksPerGroup``.
    private var groupRanges = Ranges()
    private var words: [UInt64] = []

    private static let blocksPerGroup = 16

    /// Between which values lie the values of blocks, or of groups of them.
    private struct Ranges {
        var leasts: [Int64] = []
        var greatests: [Int64] = []

        mutating func append(_ least: Int64, _ greatest: Int64) {
            leasts.append(least)
            greatests.append(greatest)
        }

        /// The first of `places` whose range holds a value; their end if there is none.
        @inline(__always)
        func first(of places: Range<Int>, holding value: Int64) -> Int {
            precondition(places.upperBound <= leasts.count && leasts.count == greatests.count)
            return spillway_find_range_i64(leasts, greatests, places.lowerBound, places.upperBound, value)
        }

        var byteCount: Int { 8 * (leasts.count + greatests.count) }
    }

    private struct Block {
        var least: Int64
        /// In ``PackedIntegers/words``.
        var start: UInt32
        var width: UInt8
    }

    /// - Parameter isSearched: Whether ``firstIndex(of:)`` will be asked for: it goes by small blocks.
    package init(_ values: UnsafeBufferPointer<Int64>, isSearched: Bool) {
        precondition(values.count <= Self.maximumCount)
        count = values.count
        blockSize = Self.blockSize(isSearched: isSearched)
        guard let first = values.baseAddress else { return }
        var wordCount = 0
        for start in stride(from: 0, to: count, by: blockSize) {
            let (least, greatest) = Int64.bounds(of: first + start, count: min(blockSize, count - start))
            let width = 64 - UInt64(bitPattern: greatest &- least).leadingZeroBitCount
            blocks.append(Block(least: least, start: UInt32(wordCount), width: UInt8(width)))
            wordCount += blockSize / 64 * width
            if isSearched { ranges.append(least, greatest) }
        }
        for start in stride(from: 0, to: ranges.leasts.count, by: Self.blocksPerGroup) {
            let group = start..<min(start + Self.blocksPerGroup, ranges.leasts.count)
            guard let least = ranges.leasts[group].min(), let greatest = ranges.greatests[group].max() else { continue }
            groupRanges.append(least, greatest)
        }
        words = Array(repeating: 0, count: wordCount)
        pack(values)
    }

    private mutating func pack(_ values: UnsafeBufferPointer<Int64>) {
        words.withUnsafeMutableBytes { words in
            guard let target = words.bindMemory(to: UInt8.self).baseAddress else { return }
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { differences in
                guard let source = differences.baseAddress else { return }
                for (index, block) in blocks.enumerated() where block.width > 0 {
                    let first = index * blockSize
                    let filled = min(blockSize, values.count - first)
                    for place in 0..<filled { source[place] = UInt64(bitPattern: values[first + place] &- block.least) }
                    (source + filled).initialize(repeating: 0, count: blockSize - filled)
                    for part in 0..<blockSize / 32 {
                        spillway_pack32_u64(
                            source + 32 * part, UInt32(block.width), target + Self.byteOffset(of: part, in: block))
                    }
                }
            }
        }
    }

    /// Where 32 of a block's values begin.
    private static func byteOffset(of part: Int, in block: Block) -> Int {
        8 * Int(block.start) + 4 * Int(block.width) * part
    }

    package subscript(index: Int) -> Int64 {
        precondition(index >= 0 && index < count)
        let block = blocks[index / blockSize]
        if block.width == 0 { return block.least }
        let width = Int(block.width)
        let bit = index % blockSize * width
        let (word, shift) = (Int(block.start) + bit / 64, bit % 64)
        var bits = words[word] &>> UInt64(shift)
        if shift + width > 64 { bits |= words[word + 1] &<< UInt64(64 - shift) }
        return block.least &+ Int64(bitPattern: bits & (.max &>> UInt64(64 - width)))
    }

    /// The first index of a value; nil if it is not there.
    ///
    /// - Complexity: O(`count`), of which groups of blocks whose range does not hold the value take one comparison.
    package func firstIndex(of value: Int64) -> Int? {
        precondition(ranges.leasts.count == blocks.count)
        let groups = 0..<groupRanges.leasts.count
        var group = groupRanges.first(of: groups, holding: value)
        while group < groups.upperBound {
            let first = group * Self.blocksPerGroup
            if let index = firstIndex(of: value, in: first..<min(first + Self.blocksPerGroup, blocks.count)) {
                return index
            }
            group = groupRanges.first(of: group + 1..<groups.upperBound, holding: value)
        }
        return nil
    }

    private func firstIndex(of value: Int64, in places: Range<Int>) -> Int? {
        var block = ranges.first(of: places, holding: value)
        while block < places.upperBound {
            if let place = place(of: value, in: blocks[block]), block * blockSize + place < count {
                return block * blockSize + place
            }
            block = ranges.first(of: block + 1..<places.upperBound, holding: value)
        }
        return nil
    }

    /// The first place of a value in a block, whose last ones may be padding.
    private func place(of value: Int64, in block: Block) -> Int? {
        if block.width == 0 { return 0 }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { differences in
            words.withUnsafeBytes { words in
                guard let target = differences.baseAddress, let source = words.bindMemory(to: UInt8.self).baseAddress
                else { return nil }
                for part in 0..<blockSize / 32 {
                    spillway_unpack32_u64(
                        source + Self.byteOffset(of: part, in: block), UInt32(block.width), target + 32 * part)
                }
                return UnsafeBufferPointer(start: target, count: blockSize).withMemoryRebound(to: Int64.self) {
                    $0.position(of: value &- block.least)
                }
            }
        }
    }

    package var byteCount: Int {
        blocks.count * MemoryLayout<Block>.stride + ranges.byteCount + groupRanges.byteCount + 8 * words.count
    }

    /// What so many values take at most.
    package static func maximumByteCount(count: Int, isSearched: Bool) -> Int {
        let blockSize = blockSize(isSearched: isSearched)
        let bytesPerBlock = MemoryLayout<Block>.stride + 8 * (blockSize + (isSearched ? 4 : 0))
        return (count + blockSize - 1) / blockSize * bytesPerBlock
    }

    /// Few values to unpack for each that is looked for; or few blocks.
    private static func blockSize(isSearched: Bool) -> Int { isSearched ? 64 : 256 }
}
