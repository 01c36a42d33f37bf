import SpillwayPlatform

extension File {
    /// Writes what is read in `range` once more, so that the next sync writes it to the device.
    ///
    /// After a failed sync the system may go on showing bytes that the device never got, and count them as written:
    /// no later sync would write them (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC
    /// 2020). A process that finds a file as a crash left it cannot know.
    func rewrite(_ range: Range<UInt64>) throws(SystemError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = try readBytes(count: Int(min(range.upperBound - offset, 1 << 20)), at: offset)
            guard !bytes.isEmpty else { return }
            try write(bytes, at: offset)
            offset += UInt64(bytes.count)
        }
    }
}
