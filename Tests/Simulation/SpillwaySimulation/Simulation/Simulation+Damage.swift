import SpillwayEngine
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// On a copy of the machine a bit flips in a file of frames, below what a later frame says was durable: that is no
    /// torn write, and the store does not open as if it were.
    func damageACopy() throws {
        let copy = SimulatedMachine(copyOf: machine, seed: random.next())
        copy.faults = SimulatedFaults()
        let system = copy.start()
        let layout = StoreLayout(root: Self.path)
        var files: [(path: String, bytes: [UInt8], durable: Range<Int>)] = []
        for (directory, start) in [(layout.open, 4), (layout.journal, 0)] where try system.exists(directory) {
            for name in try system.list(directory).sorted() {
                let path = "\(directory)/\(name)"
                let bytes = try system.readAll(path)
                let end = Self.durableLength(ofFramesIn: bytes, of: name, from: start)
                if end > start { files.append((path, bytes, start..<end)) }
            }
        }
        guard let (path, bytes, durable) = files.randomElement(using: &random) else { return }
        let offset = Int.random(in: durable, using: &random)
        note("a bit flips in a copy of \(path) at \(offset) of \(durable)", offset)
        report.damages += 1
        try system.open(path, .write).write(
            [bytes[offset] ^ 1 << UInt8.random(in: 0..<8, using: &random)], at: UInt64(offset))
        do throws(EngineError) {
            _ = try Engine.open(
                at: Self.path, configuration: EngineConfiguration(), system: copy.start(), drive: .steps)
        } catch {
            if case .store(.damaged(path, let position, _)) = error, position <= UInt64(offset) { return }
            throw BrokenPromise("a bit that flips in \(path) at \(offset) gives \(error)")
        }
        throw BrokenPromise("a bit that flips in \(path) at \(offset) is taken for a torn write")
    }

    /// What the frames in a file say was durable, by docs/FORMAT.md alone: its name ends in its salt.
    private static func durableLength(ofFramesIn bytes: [UInt8], of name: String, from start: Int) -> Int {
        let digits = name.prefix { $0 != "." }.suffix(16)
        guard let salt = UInt64(digits, radix: 16).map({ Int(bitPattern: UInt($0)) }) else { return 0 }
        func integer(_ offset: Int, bytes count: Int) -> Int {
            bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let (headerLength, magic) = (88, Array("SPWF".utf8))
        var (offset, durable) = (start, 0)
        while offset + headerLength <= bytes.count, Array(bytes[offset..<offset + 4]) == magic {
            let claimed = integer(offset + 48, bytes: 8)
            // Torn, or of another file whose blocks these were.
            let header = bytes[offset..<offset + headerLength]
            let checksum = header.dropLast(4).withUnsafeBytes { crc32c($0) }
            guard integer(offset + 84, bytes: 4) == Int(checksum), integer(offset + 8, bytes: 8) == salt else { break }
            let end = offset + headerLength + integer(offset + 56, bytes: 4) + integer(offset + 64, bytes: 4)
            // A torn frame may be anything.
            guard claimed <= offset, end <= bytes.count else { break }
            durable = max(durable, claimed)
            offset = end
        }
        return durable
    }
}
