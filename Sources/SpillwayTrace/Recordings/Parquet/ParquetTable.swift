public import SpillwayModel
package import SpillwayPlatform

/// Attempts out of many Parquet files, in order of arrival: a directory of them, in directories as deep as there are,
/// or a Delta table, of which the files that its log names are read. Columns are those of ``ParquetRecording``.
///
/// Names that begin with `_` or `.` are passed over. A directory called `country=BR` gives the column `country` to files
/// that lack it, as a Delta table's partitions do. Deletion vectors and mapped columns of Delta tables are refused.
///
/// - Complexity: of reading all slices in order, O(rows) where files follow each other in time, more where they overlap.
public struct ParquetTable: Trace {
    private let rows: TimeOrderedTrace

    /// - Complexity: O(size of all footers); where they do not say between which times rows lie, also O(rows).
    public init(path: String, options: RecordingOptions = RecordingOptions()) throws(TraceError) {
        try self.init(path: path, options: options, fileSystem: PosixSystem())
    }

    package init(
        path: String, options: RecordingOptions = RecordingOptions(), fileSystem: some FileSystem
    ) throws(TraceError) {
        var directory = path
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        let table = try RecordedParquetTable(directory: directory, options: options, fileSystem)
        rows = TimeOrderedTrace(
            name: String(fileName(of: directory)), fingerprint: table.fingerprint, sources: table.sources,
            rejectedRows: table.rejectedRows)
    }

    public var name: String { rows.name }
    /// Covers the names of the files, their sizes and footers, and the options under which they are read.
    public var fingerprint: UInt64 { rows.fingerprint }
    public var sliceCount: Int { rows.sliceCount }
    /// Bad rows included.
    public var expectedAttempts: Int { rows.expectedAttempts }
    public var registrationsByRegion: [Region: Int]? { nil }
    public var rejectedRows: RejectedRows? { rows.rejectedRows }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        try rows.readSlice(index, into: &slice)
    }
}
