import SpillwayPlatform

extension File {
    /// Whether no byte of the range was ever written to but to make room: so what follows a journal's last frame.
    func holdsZerosOnly(in range: Range<UInt64>) throws(SystemError) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = try readBytes(count: Int(min(range.upperBound - offset, 1 << 20)), at: offset)
            guard !bytes.isEmpty else { return true }
            guard bytes.allSatisfy({ $0 == 0 }) else { return false }
            offset += UInt64(bytes.count)
        }
        return true
    }
}
