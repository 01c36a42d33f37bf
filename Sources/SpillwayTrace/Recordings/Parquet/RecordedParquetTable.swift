internal import SpillwayPlatform

/// Many Parquet files as what a trace is put together from.
struct RecordedParquetTable {
    let sources: [any RowSource]
    let fingerprint: UInt64
    /// Nil unless rows may be left out.
    let rejectedRows: RejectedRows?

    init(
        directory: String, options: RecordingOptions, _ fileSystem: some FileSystem
    ) throws(TraceError) {
        var sources: [any RowSource] = []
        var hash = RecordingFingerprint()
        var rejected = ParquetRejections(options)
        for entry in try ParquetTableFiles(in: directory, fileSystem).entries {
            let file = ClosedFile("\(directory)/\(entry.path)", fileSystem)
            let parquet = try RecordedParquetFile(file, options: options, constants: entry.constants, &rejected)
            sources += parquet.sources
            hash.combine(entry, parquet.footerHash)
        }
        self.sources = sources
        fingerprint = options.fingerprint(of: hash.value(fileSize: UInt64(sources.count)))
        rejectedRows = rejected.rows
    }
}

extension RecordingFingerprint {
    fileprivate mutating func combine(_ entry: ParquetTableFiles.Entry, _ footerHash: UInt64) {
        var text = "\(entry.path)\n\(footerHash)\n"
        for (name, value) in entry.constants.sorted(by: { $0.key < $1.key }) { text += "\(name)=\(value ?? "\0")\n" }
        Array(text.utf8).withUnsafeBytes { combine($0) }
    }
}

/// A file that is opened for each call: of a table's files there may be more than a process can hold open.
private final class ClosedFile: File {
    let path: String
    private let fileSystem: any FileSystem

    init(_ path: String, _ fileSystem: some FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    private func opened() throws(SystemError) -> any File { try fileSystem.open(path, .read) }

    func size() throws(SystemError) -> UInt64 { try opened().size() }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        try opened().read(into: buffer, at: offset)
    }
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        try opened().write(bytes, at: offset)
    }
    func sync() throws(SystemError) { try opened().sync() }
    func truncate(to size: UInt64) throws(SystemError) { try opened().truncate(to: size) }
    func tryLock() throws(SystemError) -> Bool { try opened().tryLock() }
}
