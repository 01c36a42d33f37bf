import SpillwayPlatform

/// A file whose reads a ``ReadingMeter`` notes.
final class MeteredFile: File {
    private let file: any File
    private let meter: ReadingMeter

    init(_ file: any File, _ meter: ReadingMeter) {
        self.file = file
        self.meter = meter
    }

    var path: String { file.path }

    func size() throws(SystemError) -> UInt64 { try file.size() }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        let count = try file.read(into: buffer, at: offset)
        meter.add(bytes: count)
        return count
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        try file.write(bytes, at: offset)
    }
    func sync() throws(SystemError) { try file.sync() }
    func truncate(to size: UInt64) throws(SystemError) { try file.truncate(to: size) }
    func tryLock() throws(SystemError) -> Bool { try file.tryLock() }
}
