extension UnsafeRawBufferPointer {
    /// Line feeds.
    var lineCount: Int {
        typealias Block = SIMD32<UInt8>
        let blocks = count / Block.scalarCount
        var count = 0
        var block = 0
        while block < blocks {
            // A lane counts to 255.
            var sums = Block.zero
            let end = Swift.min(block + 255, blocks)
            while block < end {
                let bytes = loadUnaligned(fromByteOffset: block * Block.scalarCount, as: Block.self)
                sums &+= Block.zero.replacing(with: 1, where: bytes .== .lineFeed)
                block += 1
            }
            count += Int(SIMD32<UInt16>(truncatingIfNeeded: sums).wrappedSum())
        }
        for byte in self[(blocks * Block.scalarCount)...] where byte == .lineFeed { count += 1 }
        return count
    }
}
