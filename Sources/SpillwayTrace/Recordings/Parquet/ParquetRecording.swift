public import SpillwayModel
package import SpillwayPlatform

/// Attempts out of one Parquet file, whichever program wrote it, in the order in which they lie there.
///
/// | column | types | where it is null |
/// |---|---|---|
/// | `registered_at` | timestamp of any unit, date, RFC 3339 text, integer of 10, 13, 16 or 19 digits (s, ms, µs or ns since 1970) | a bad row |
/// | `identity` | integer of any width and sign, whole floating-point number, string of digits; under `IdentityForm.hash`, any string or number | a bad row |
/// | `country` | string | a bad row |
/// | `platform`, `source` | string; may be missing | `unknown` |
/// | `latency_us` | whole number; may be missing | 0 |
/// | `arrived_at` | as `registered_at`; where it is missing, attempts arrive when they were registered | a bad row |
///
/// Timestamps without a time zone are taken for UTC. Other columns, nested ones too, are not read. A country that ISO
/// 3166-1 lacks, a latency out of range and a label that cannot be one are carried along, for the engine to refuse. An
/// attempt with an earlier time than one before it arrives with that one; one that is left out as a bad row still
/// counts for that where the time is known from statistics.
///
/// A slice is a row group, or a part of one that has over a million rows.
public struct ParquetRecording: Trace {
    public let name: String
    /// Covers the file's size and its footer (the schema, and each column chunk's place, size and bounds), and the
    /// options under which it is read.
    public let fingerprint: UInt64
    /// Bad rows included.
    public let expectedAttempts: Int
    public var registrationsByRegion: [Region: Int]? { nil }
    public let rejectedRows: RejectedRows?

    private let path: String
    private let sources: [any RowSource]
    /// The first row of each slice, from 0.
    private let firstRows: [Int]
    /// The latest arrival before each slice, and in the whole file.
    private let arrivedBefore: [Timestamp]

    /// - Complexity: O(size of the footer); where it does not say between which times a row group lies, also O(rows).
    public init(path: String, options: RecordingOptions = RecordingOptions()) throws(TraceError) {
        try self.init(path: path, options: options, fileSystem: PosixSystem())
    }

    package init(
        path: String, options: RecordingOptions = RecordingOptions(), fileSystem: some FileSystem
    ) throws(TraceError) {
        let file: any File
        do throws(SystemError) {
            file = try fileSystem.open(path, .read)
        } catch {
            throw .system(error)
        }
        var rejected = ParquetRejections(options)
        let parquet = try RecordedParquetFile(file, options: options, &rejected)
        self.path = path
        name = String(fileName(of: path))
        fingerprint = options.fingerprint(of: parquet.footerHash)
        expectedAttempts = parquet.sources.reduce(0) { $0 + $1.rowCount }
        rejectedRows = rejected.rows
        sources = parquet.sources
        firstRows = sources.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
        arrivedBefore = sources.reduce(into: [Timestamp(rawValue: .min)]) { latest, source in
            let before = latest[latest.count - 1]
            latest.append(max(before, source.arrivals?.upperBound ?? before))
        }
    }

    public var sliceCount: Int { sources.count }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        try sources[index].read(into: &slice)
        var arrivedAt = arrivedBefore[index]
        for row in slice.arrivedAt.indices {
            arrivedAt = max(arrivedAt, slice.arrivedAt[row])
            slice.arrivedAt[row] = arrivedAt
        }
        // Else the next slice would begin before this one ends.
        guard arrivedAt <= arrivedBefore[index + 1] else {
            throw .recording(
                RecordingError(
                    file: path, row: firstRows[index] + 1, column: nil,
                    problem: "there are later times than the row group's statistics say: the file is damaged"))
        }
    }
}
