public import SpillwayModel
package import SpillwayPlatform

/// Attempts out of a CSV file (RFC 4180, UTF-8), gzip or not, whose first line names the columns, in any order:
/// `registered_at`, `identity` and `country`; if it likes, `platform`, `source`, `latency_us` and `arrived_at`; and any
/// others, which are not read. A ``RecordingMapping`` says what they are called otherwise.
///
/// - Times are RFC 3339 or what exports make of it (`2021-10-04 15:40:00.25+00`; UTC where there is no offset), or
///   integers of 10, 13, 16 or 19 digits: s, ms, µs or ns since 1970.
/// - Identities are decimal numbers of 64 bits, with or without a `+` (or negative ones, for the same bits), or text that
///   is hashed: ``IdentityForm``.
/// - A country that ISO 3166-1 lacks, a latency out of range and a label that cannot be one are carried along, for the
///   engine to refuse. A row with whatever else does not parse is a bad one: ``BadRowPolicy``. So is one of over 1 MiB.
/// - Rows are in order of arrival: an attempt with an earlier time than one before it arrives with that one.
///
/// A slice takes up to 5 MiB of text. Of gzip, up to 32 MiB are kept for reading from anywhere.
public struct CSVRecording: Trace {
    public let name: String
    /// Covers every byte of the text, and the options that say what it means.
    public let fingerprint: UInt64
    public let expectedAttempts: Int
    public var registrationsByRegion: [Region: Int]? { nil }
    public let rejectedRows: RejectedRows?

    let source: CSVRecordingSource
    let layout: CSVRecordingLayout
    let constants: RecordingConstants
    let parts: [Part]

    /// Consecutive records that make a slice.
    struct Part {
        /// Of the text.
        var offset: UInt64
        var byteCount: Int
        /// Without bad ones that are left out.
        var rowCount: Int
        /// Of the text, from 1.
        var firstLine: Int
        /// The latest arrival before this part.
        var arrivedBefore: Timestamp
    }

    /// No row is longer.
    private static let maximumRecordBytes = 1 << 20

    /// Reads the file once, in bounded memory, to find out where it can be cut.
    ///
    /// - Throws: if it cannot be read, lacks a column or ends within quotes, and at damage that a gzip file's checksums
    ///   show; at bad rows as the options say, which reading slices may find too.
    /// - Complexity: O(size of the text)
    public init(path: String, options: RecordingOptions = RecordingOptions()) throws(TraceError) {
        try self.init(path: path, options: options, partBytes: 4 << 20)
    }

    /// - Parameter partBytes: How much is read at a time: no slice takes more than that and a row, and no row more.
    package init(
        path: String, fileSystem: some FileSystem = PosixSystem(), options: RecordingOptions = RecordingOptions(),
        partBytes: Int
    ) throws(TraceError) {
        let file: any File
        do throws(SystemError) { file = try fileSystem.open(path, .read) } catch { throw .system(error) }
        source = try CSVRecordingSource(file)
        let scan = try CSVRecordingScan(
            source, path: path, options: options, partBytes: partBytes,
            maximumRecordBytes: min(Self.maximumRecordBytes, partBytes))
        name = String(fileName(of: path))
        fingerprint = scan.fingerprint
        layout = scan.layout
        constants = RecordingConstants(options.mapping)
        parts = scan.parts
        expectedAttempts = parts.reduce(0) { $0 + $1.rowCount }
        rejectedRows = options.onError == .skip ? RejectedRows() : nil
    }

    public var sliceCount: Int { parts.count }
}
