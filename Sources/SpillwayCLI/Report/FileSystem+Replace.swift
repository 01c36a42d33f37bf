import SpillwayPlatform

extension FileSystem {
    /// Writes a file that is there whole or not at all: under a name of its own until it is durable, then under
    /// `path`, in place of what was there.
    func replace(_ path: String, by bytes: [UInt8]) throws(SystemError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        let temporary = "\(directory).\(path.dropFirst(directory.count)).\(suffix).tmp"
        let file = try open(temporary, .create)
        do throws(SystemError) {
            try file.write(bytes, at: 0)
            try file.sync()
            try rename(temporary, to: path)
        } catch {
            // Nobody is left to hear of a failure, and the name says that it is of no use.
            try? remove(temporary)
            throw error
        }
        try syncDirectory(directory.isEmpty ? "." : directory)
    }
}
