internal import SpillwayInterchange
internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform

/// Rows of a file that another program wrote: a row group, or a part of one that is large.
struct ForeignRows: RowSource {
    let arrivals: ClosedRange<Timestamp>?

    private let file: InterchangeFile
    private let group: InterchangeRowGroup
    /// Of the group.
    private let rows: Range<Int>
    /// Of the file, from 1.
    private let firstRow: Int
    private let columns: ForeignColumns
    private let identities: IdentityForm
    private let rejected: RejectedRows?
    /// Among the sources of the recording.
    private let number: Int

    /// What a slice is to hold at most, as its rows are in memory together.
    static let maximumRows = 1 << 20

    var rowCount: Int { rows.count }

    /// All rows of a file, in its order.
    static func all(
        of file: InterchangeFile, _ options: RecordingOptions, _ constants: [String: String?],
        _ rejected: inout ParquetRejections
    ) throws(TraceError) -> [any RowSource] {
        let columns = try ForeignColumns(file, options, constants)
        var sources: [ForeignRows] = []
        var groupStart = 1
        for group in file.rowGroups {
            for start in stride(from: 0, to: group.rowCount, by: maximumRows) {
                let rows = start..<min(start + maximumRows, group.rowCount)
                sources.append(
                    try ForeignRows(
                        file, group, rows, firstRow: groupStart + start, columns, options.identities,
                        rejected.rows, rejected.nextSource()))
            }
            groupStart += group.rowCount
        }
        return sources
    }

    private init(
        _ file: InterchangeFile, _ group: InterchangeRowGroup, _ rows: Range<Int>, firstRow: Int,
        _ columns: ForeignColumns, _ identities: IdentityForm, _ rejected: RejectedRows?, _ number: Int
    ) throws(TraceError) {
        (self.file, self.group, self.rows, self.firstRow) = (file, group, rows, firstRow)
        (self.columns, self.identities, self.rejected, self.number) = (columns, identities, rejected, number)
        arrivals = try Self.arrivals(file, group, rows, firstRow: firstRow, columns, isSkipping: rejected != nil)
    }

    /// From statistics, if they are of these rows; else from the column itself.
    private static func arrivals(
        _ file: InterchangeFile, _ group: InterchangeRowGroup, _ rows: Range<Int>, firstRow: Int,
        _ columns: ForeignColumns, isSkipping: Bool
    ) throws(TraceError) -> ClosedRange<Timestamp>? {
        let column = columns.arrivals
        if case .column(let found) = columns[column], rows.count == group.rowCount,
            let bounds = group.bounds(of: found),
            let first = ForeignTimes.time(bounds.lowerBound, found.type),
            let last = ForeignTimes.time(bounds.upperBound, found.type), first <= last
        {
            return first...last
        }
        var reader = ColumnReader(file)
        var bad = BadRows(file: file.file.path, firstRow: firstRow, rowCount: rows.count)
        var times = [Timestamp](repeating: Timestamp(rawValue: 0), count: rows.count)
        let vector = try read(column, of: columns, &reader, group, rows, file.file.path)
        ForeignTimes.fill(&times, vector, column, columns.name(column), &bad)
        if !isSkipping, let error = bad.first.first { throw .recording(error) }
        times.removeRows(bad.isBad)
        guard let first = times.min(), let last = times.max() else { return nil }
        return first...last
    }

    /// The column's values; nil if it is missing.
    private static func read(
        _ column: RecordingColumn, of columns: ForeignColumns, _ reader: inout ColumnReader,
        _ group: InterchangeRowGroup, _ rows: Range<Int>, _ path: String
    ) throws(TraceError) -> ColumnVector? {
        switch columns[column] {
        case nil: return nil
        case .constant(let text): return ColumnVector(repeating: text, count: rows.count)
        case .column(let found):
            do throws(ParquetError) {
                return try reader.read(found, rows: rows, of: group)
            } catch {
                throw TraceError(error, path: path)
            }
        }
    }

    func read(into slice: inout TraceSlice) throws(TraceError) {
        slice.resize(to: rows.count)
        var reader = ColumnReader(file)
        var bad = BadRows(file: file.file.path, firstRow: firstRow, rowCount: rows.count)
        for column in RecordingColumn.allCases where column != .region {
            let vector = try Self.read(column, of: columns, &reader, group, rows, file.file.path)
            let name = columns.name(column)
            switch column {
            case .registeredAt: ForeignTimes.fill(&slice.batch.registeredAt, vector, column, name, &bad)
            case .identity: ForeignIdentities.fill(&slice.batch.identity, vector, identities, name, &bad)
            case .country: ForeignLabels.fill(&slice.batch.country, vector, name, &bad)
            case .region: break
            case .platform: ForeignLabels.fill(&slice.batch.platform, vector, column, name, &bad)
            case .source: ForeignLabels.fill(&slice.batch.source, vector, column, name, &bad)
            case .latencyUs: ForeignLatencies.fill(&slice.batch.latencyUs, vector, name, &bad)
            case .arrivedAt:
                if vector == nil {
                    slice.copyArrivals()
                } else {
                    ForeignTimes.fill(&slice.arrivedAt, vector, column, name, &bad)
                }
            }
        }
        guard let rejected else {
            if let error = bad.first.first { throw .recording(error) }
            return
        }
        slice.removeRows(bad.isBad)
        rejected.record(bad.count, of: number, first: bad.first)
    }
}

extension TraceSlice {
    /// - Parameter isRemoved: for each row; empty if all stay.
    fileprivate mutating func removeRows(_ isRemoved: [Bool]) {
        batch.registeredAt.removeRows(isRemoved)
        batch.identity.removeRows(isRemoved)
        batch.country.removeRows(isRemoved)
        batch.platform.removeRows(isRemoved)
        batch.source.removeRows(isRemoved)
        batch.latencyUs.removeRows(isRemoved)
        arrivedAt.removeRows(isRemoved)
    }
}

extension Array {
    fileprivate mutating func removeRows(_ isRemoved: [Bool]) {
        if isRemoved.isEmpty { return }
        var kept = 0
        for row in indices where !isRemoved[row] {
            self[kept] = self[row]
            kept += 1
        }
        removeLast(count - kept)
    }
}
