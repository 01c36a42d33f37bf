import SpillwayPlatform

extension FileSystem {
    /// Bytes of all files in a directory and those in it.
    func byteCount(of directory: String) throws(SystemError) -> Int {
        var total = 0
        for name in try list(directory) {
            let path = "\(directory)/\(name)"
            let status = try status(path)
            total += status.isDirectory ? try byteCount(of: path) : Int(clamping: status.size)
        }
        return total
    }
}
