import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet
@testable import SpillwayQuery

@Suite struct EmptyRowGroupTests {
    /// No writer makes a row group without rows, but a file may hold one, with bounds that pass every filter and
    /// columns without a name to number.
    @Test func countsForNothing() throws {
        let directory = TemporaryDirectory()
        let file = try PosixSystem().open(directory.file("segment", []), .read)
        let columns = segmentSchema.columns.map { column in
            var chunk = ColumnChunkMetadata(name: column.name, type: column.type.physicalType)
            let width = column.type == .int32 ? 4 : 8
            (chunk.min, chunk.max) = ([UInt8](repeating: 0, count: width), [UInt8](repeating: 1, count: width))
            return chunk
        }
        let source = RowSource.rowGroup(RowGroupMetadata(rowCount: 0, columns: columns), file)
        var query = Query()
        query.groupBy = [.region]
        let scanner = RowScanner(plan: try QueryPlan(query), names: NameTable())
        var counts = GroupCounts(QueryMemory(limitBytes: 1 << 30, threads: 1, largestRowGroup: 0))
        try counts.add(scanner.scan(source, onlyCounts: true), scanner, rowCount: 0)
        #expect(counts.totals.isEmpty)
    }
}
