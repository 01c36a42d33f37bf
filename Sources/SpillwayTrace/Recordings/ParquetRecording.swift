public import SpillwayModel
import SpillwayParquet
package import SpillwayPlatform

/// Attempts out of a Parquet file with the columns `registered_at` (timestamp in microseconds), `identity`
/// (int64, the bits of the identity), `country`, `platform`, `source` (string), `latency_us` (int32) and, if it
/// likes, `arrived_at` (timestamp in microseconds). Other columns are not read.
///
/// One slice is one row group. A country that ISO 3166-1 lacks, a latency out of range and a label that cannot
/// be one are carried along, for the engine to refuse. Rows are in order of arrival: an attempt with an earlier
/// time than one before it arrives with that one.
public struct ParquetRecording: Trace {
    public let name: String
    /// Covers the file's size and its footer: the schema, and each column chunk's place, size and bounds.
    public let fingerprint: UInt64
    public let expectedAttempts: Int
    public var registrationsByRegion: [Region: Int]? { nil }

    let file: any File
    let rowGroups: [RowGroupMetadata]
    /// Where in the schema each column is.
    let columns: [RecordingColumn: Int]
    /// The first row of each row group, from 0, and of the end.
    let firstRows: [Int]
    /// The latest arrival before each row group, and in the whole file.
    let arrivedBefore: [Timestamp]

    /// A few bytes can claim any number of rows.
    private static let maximumRowGroupRows = 1 << 24

    public init(path: String) throws(TraceError) {
        try self.init(path: path, fileSystem: PosixSystem())
    }

    package init(path: String, fileSystem: some FileSystem) throws(TraceError) {
        let footer: ParquetFooter
        let footerHash: UInt64
        do throws(SystemError) {
            file = try fileSystem.open(path, .read)
        } catch {
            throw .system(error)
        }
        do throws(ParquetError) {
            footer = try ParquetFooter.read(from: file)
            footerHash = try file.parquetFooterHash()
        } catch {
            throw TraceError(error, path: path)
        }
        columns = try Self.columns(of: footer.schema, path: path)
        rowGroups = footer.rowGroups
        firstRows = rowGroups.reduce(into: [0]) { rows, group in
            rows.append((rows.last ?? 0) + group.rowCount)
        }
        for (index, group) in rowGroups.enumerated() where group.rowCount > Self.maximumRowGroupRows {
            throw .recording(
                RecordingError(
                    file: path, row: nil, column: nil,
                    problem: "row group \(index) has \(group.rowCount) rows, more than the "
                        + "\(Self.maximumRowGroupRows) that are read at a time: write smaller row groups"))
        }
        name = String(fileName(of: path))
        fingerprint = footerHash
        expectedAttempts = footer.rowCount
        arrivedBefore = try Self.latestArrivals(
            rowGroups, column: columns[.arrivedAt] ?? columns[.registeredAt] ?? 0, file)
    }

    public var sliceCount: Int { rowGroups.count }

    private static func columns(
        of schema: ParquetSchema, path: String
    ) throws(TraceError) -> [RecordingColumn: Int] {
        var columns: [RecordingColumn: Int] = [:]
        for column in RecordingColumn.allCases where column != .region {
            let index = schema.columns.firstIndex { $0.name == column.rawValue }
            let found = index.map { schema.columns[$0].type }
            if found == column.type || found == nil && !column.isRequired {
                columns[column] = index
                continue
            }
            let problem =
                found.map { "is \($0), not \(column.type)" }
                ?? "is missing: there are \(schema.columns.map(\.name).joined(separator: ", "))"
            throw .recording(
                RecordingError(file: path, row: nil, column: column.rawValue, problem: problem))
        }
        return columns
    }

    /// From statistics, or from the column itself where there are none.
    private static func latestArrivals(
        _ rowGroups: [RowGroupMetadata], column: Int, _ file: any File
    ) throws(TraceError) -> [Timestamp] {
        var latest = [Timestamp(rawValue: .min)]
        var chunks = ColumnChunkReader(file)
        var values: [Int64] = []
        for group in rowGroups {
            let chunk = group.columns[column]
            var max = chunk.max.flatMap(Int64.init(littleEndianBytes:))
            if max == nil {
                values.resize(to: group.rowCount, filler: 0)
                try values.withUnsafeMutableBufferPointer { (values) throws(TraceError) in
                    try chunks.read(chunk, into: values)
                }
                max = values.max()
            }
            latest.append(Swift.max(latest[latest.count - 1], Timestamp(rawValue: max ?? .min)))
        }
        return latest
    }
}

extension TraceError {
    init(_ error: ParquetError, path: String) {
        switch error {
        case .unreadable(let error): self = .system(error)
        case .damaged, .unsupported:
            self = .recording(
                RecordingError(file: path, row: nil, column: nil, problem: error.description))
        }
    }
}

extension File {
    /// Of the footer of a file that was found to have one.
    fileprivate func parquetFooterHash() throws(ParquetError) -> UInt64 {
        do throws(SystemError) {
            let size = try size()
            let length = try readBytes(count: 4, at: size - 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            var hash = RecordingFingerprint()
            let footer = try readBytes(count: Int(length), at: size - 8 - length)
            footer.withUnsafeBytes { hash.combine($0) }
            return hash.value(fileSize: size)
        } catch {
            throw .unreadable(error)
        }
    }
}
