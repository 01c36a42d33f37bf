extension UnsafeRawBufferPointer {
    /// Line feeds.
    var lineCount: Int {
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        let lineFeeds: UInt64 = 0x0a0a_0a0a_0a0a_0a0a
        var count = 0
        var offset = 0
        while offset + 8 <= self.count {
            let word = loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ lineFeeds
            // The top bit of each byte that is 0: adding carries into that of all others that do not have it.
            let found = ~((word & low) &+ low | word | low)
            count &+= found.nonzeroBitCount
            offset += 8
        }
        for byte in self[offset...] where byte == .lineFeed { count += 1 }
        return count
    }
}
