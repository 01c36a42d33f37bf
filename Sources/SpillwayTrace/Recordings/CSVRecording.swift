public import SpillwayModel
package import SpillwayPlatform

/// Attempts out of a CSV file (RFC 4180, UTF-8) whose first line names the columns, in any order:
/// `registered_at`, `identity`, `country`, `platform`, `source`, `latency_us` and, if it likes, `arrived_at` and
/// `region`, which is not read.
///
/// Times are RFC 3339, identities unsigned decimal numbers of 64 bits (or negative ones, for the same bits).
/// A country that ISO 3166-1 lacks, a latency out of range and a label that cannot be one are carried along, for
/// the engine to refuse; whatever else does not parse is an error. Rows are in order of arrival: an attempt with
/// an earlier time than one before it arrives with that one.
public struct CSVRecording: Trace {
    public let name: String
    /// Covers every byte of the file.
    public let fingerprint: UInt64
    public let expectedAttempts: Int
    public var registrationsByRegion: [Region: Int]? { nil }

    let file: any File
    let columns: [RecordingColumn]
    let parts: [Part]

    /// Consecutive rows that make a slice.
    struct Part {
        var offset: UInt64
        var byteCount: Int
        var rowCount: Int
        /// Of the file, from 1.
        var firstLine: Int
        /// The latest arrival before this part.
        var arrivedBefore: Timestamp
    }

    /// Reads the file once, in bounded memory, to find out where it can be cut.
    public init(path: String) throws(TraceError) {
        try self.init(path: path, partBytes: 4 << 20)
    }

    /// - Parameter partBytes: The most that is read at a time: no slice is larger, no row longer.
    package init(
        path: String, fileSystem: some FileSystem = PosixSystem(), partBytes: Int
    ) throws(TraceError) {
        do throws(SystemError) {
            file = try fileSystem.open(path, .read)
        } catch {
            throw .system(error)
        }
        let scan = try CSVRecordingScan(file, partBytes: partBytes)
        name = String(fileName(of: path))
        fingerprint = scan.fingerprint
        columns = scan.columns
        parts = scan.parts
        expectedAttempts = parts.reduce(0) { $0 + $1.rowCount }
    }

    public var sliceCount: Int { parts.count }
}

extension File {
    /// Replaces `bytes` by up to `count` bytes of the file and the padding that ``CSVRecordingCursor`` wants;
    /// returns how many bytes there were.
    func readPadded(
        _ count: Int, at offset: UInt64, into bytes: inout [UInt8]
    ) throws(TraceError) -> Int {
        bytes.resize(to: count + CSVRecordingCursor.padding, filler: .lineFeed)
        var failure: SystemError?
        let found = bytes.withUnsafeMutableBytes { room -> Int in
            do throws(SystemError) {
                return try read(into: UnsafeMutableRawBufferPointer(rebasing: room[..<count]), at: offset)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw .system(failure) }
        bytes.resize(to: found, filler: .lineFeed)
        bytes.resize(to: found + CSVRecordingCursor.padding, filler: .lineFeed)
        return found
    }

    /// An error of the record that begins at `start` of bytes that begin with line `firstLine`.
    func error(
        _ problem: CSVProblem, columns: [RecordingColumn], in bytes: UnsafeRawBufferPointer, at start: Int,
        firstLine: Int
    ) -> TraceError {
        .recording(
            RecordingError(
                file: path, row: firstLine + UnsafeRawBufferPointer(rebasing: bytes[..<start]).lineCount,
                column: problem.column.map { columns[$0].rawValue }, problem: problem.problem))
    }
}

extension UnsafeRawBufferPointer {
    /// Line feeds.
    var lineCount: Int {
        var count = 0
        for byte in self where byte == .lineFeed { count += 1 }
        return count
    }
}
