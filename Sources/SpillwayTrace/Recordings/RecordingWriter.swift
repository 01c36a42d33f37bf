internal import SpillwayPlatform

/// Writes a recording: Parquet or CSV, by the ending of its name.
///
/// Nothing is there under the name until ``finish()`` has made all of it durable; what was there before is
/// replaced then, and left alone if the writer goes without. Used by one thread at a time.
public final class RecordingWriter {
    /// Attempts appended so far.
    public private(set) var attempts = 0

    private let file: RecordingFile
    private var encoder: any RecordingEncoder
    /// Until it is finished or an error leaves it with a part of a slice.
    private var isOpen = true

    public init(path: String) throws(TraceError) {
        switch fileExtension(of: path) {
        case "csv": encoder = CSVRecordingEncoder()
        case "parquet": encoder = ParquetRecordingEncoder()
        default:
            throw .recording(
                RecordingError(
                    file: path, row: nil, column: nil,
                    problem: "not a recording by its name: one ends in .csv or .parquet"))
        }
        file = try RecordingFile(path: path)
        try encoder.begin(file)
    }

    /// Appends all attempts of a slice: hand in a trace's slices in their order.
    ///
    /// - Precondition: not finished, and no error before: one leaves nothing to do but to drop the writer.
    public func append(_ slice: TraceSlice) throws(TraceError) {
        precondition(isOpen, "the recording is finished, or could not be written")
        isOpen = false
        try encoder.append(slice, firstRow: attempts, to: file)
        attempts += slice.count
        isOpen = true
    }

    /// Makes the recording durable, then gives it its name. Call once.
    public func finish() throws(TraceError) {
        precondition(isOpen, "the recording is finished, or could not be written")
        isOpen = false
        try encoder.finish(file)
        try file.commit()
    }
}

/// One of the formats. Called in the order of declaration.
protocol RecordingEncoder {
    mutating func begin(_ file: RecordingFile) throws(TraceError)
    /// - Parameter firstRow: Rows before this slice.
    mutating func append(_ slice: TraceSlice, firstRow: Int, to file: RecordingFile) throws(TraceError)
    mutating func finish(_ file: RecordingFile) throws(TraceError)
}

/// The file that a recording is written to, with the errors of one.
struct RecordingFile {
    private let file: PendingFile

    init(path: String) throws(TraceError) {
        do throws(SystemError) { file = try PendingFile(path: path, in: PosixSystem()) } catch { throw .system(error) }
    }

    var path: String { file.path }
    var byteCount: UInt64 { file.byteCount }

    func append(_ bytes: borrowing ByteBuffer) throws(TraceError) {
        do throws(SystemError) {
            try bytes.withUnsafeBytes { (bytes) throws(SystemError) in try file.append(bytes) }
        } catch {
            throw .system(error)
        }
    }

    func append(_ bytes: [UInt8]) throws(TraceError) {
        do throws(SystemError) { try file.append(bytes) } catch { throw .system(error) }
    }

    func commit() throws(TraceError) {
        do throws(SystemError) { try file.commit() } catch { throw .system(error) }
    }
}
