import SpillwayPlatform
import Testing

@testable import SpillwayParquet

@Suite struct HostileMetadataTests {
    /// A dictionary of empty strings is 4 bytes an entry, a 60th when compressed; in memory each takes 16.
    @Test func largeDictionariesAreRefused() throws {
        func chunk(entries: Int) -> (bytes: [UInt8], metadata: ColumnChunkMetadata) {
            var output = ByteBuffer()
            var writer = PageWriter()
            _ = writer.write(dictionary: Array(repeating: [], count: entries), .uncompressed, into: &output)
            // One code of no bits: 0.
            writer.body.append([0, 2])
            _ = writer.write(.data(valueCount: 1, encoding: .rleDictionary), .uncompressed, into: &output)
            var metadata = ColumnChunkMetadata(name: "c", type: .byteArray)
            metadata.valueCount = 1
            return (output.withUnsafeBytes { Array($0) }, metadata)
        }
        func names(entries: Int) throws -> Int {
            let (bytes, metadata) = chunk(entries: entries)
            var decoder = ColumnChunkDecoder()
            var codes: [UInt16] = [0]
            return try bytes.withUnsafeBytes { bytes in
                try codes.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0).count }
            }
        }
        #expect(try names(entries: 65_536) == 65_536)
        let error = #expect(throws: ParquetError.self) { try names(entries: 65_537) }
        #expect(error?.problem.contains("65536 strings") == true)
    }

    /// In a frame the indexes follow the row group, and a filter has no place: where it says they are is not believed.
    /// Whether they come from pages that are known already or from the file, and its integers alone have ranges.
    @Test func extentsOfPagesAreThoseOfTheIndex() throws {
        let values = (0..<1000).map { Int64($0 * 7919 % 1000) }
        let columns: [Values] = [.int64(values), .int32((0..<1000).map { $0 })]
        let bytes = makeFile([columns], pageRows: 300)
        let file = MemoryFile(bytes)
        var footer = try ParquetFooter.read(from: file)
        let unread = footer.rowGroups[0].columns
        try footer.loadPageIndexes(from: file)
        for (index, column) in footer.rowGroups[0].columns.enumerated() {
            let extents = try unread[index].pageExtents(from: file, withRanges: true)
            #expect(extents.map(\.rows) == [0..<300, 300..<600, 600..<900, 900..<1000])
            #expect(extents.map(\.offset) == column.pages.map(\.offset))
            #expect(extents.map(\.byteCount) == column.pages.map(\.byteCount))
            let ranges = extents.map { extent -> ClosedRange<Int64>? in
                let part = values[extent.rows].sorted()
                return index == 0 ? part[0]...part[part.count - 1] : nil
            }
            #expect(extents.map(\.range) == ranges)
            #expect(try column.pageExtents(from: file, withRanges: true).map(\.range) == ranges)
            #expect(try unread[index].pageExtents(from: file, withRanges: false).allSatisfy { $0.range == nil })
        }
    }

    @Test func aDamagedPageIndexIsNamed() throws {
        var bytes = makeFile([[.int64([1, 2, 3])]])
        let column = try ParquetFooter.read(from: MemoryFile(bytes)).rowGroups[0].columns[0]
        let place = try #require(column.columnIndex)
        for index in place { bytes[Int(index)] = 0x1f }
        let error = #expect(throws: ParquetError.self) {
            try column.pageExtents(from: MemoryFile(bytes), withRanges: true)
        }
        guard case .damaged(let offset, _)? = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(place.contains(offset))
    }

    @Test func aRowGroupByItselfPointsNowhere() throws {
        var encoder = RowGroupEncoder(schema: ParquetSchema(columns: [.init(name: "c", type: .int64)]))
        var pages = ByteBuffer()
        var group = encode([.int64([1, 2, 3])], with: &encoder, into: &pages)
        group.columns[0].columnIndex = 1 << 40..<1 << 40 + 1 << 30
        group.columns[0].offsetIndex = 0..<1 << 30
        group.columns[0].bloomFilter = 0..<1 << 30
        var serialized = ByteBuffer()
        group.serialize(into: &serialized)
        let read = try serialized.withUnsafeBytes { try RowGroupMetadata(parsing: $0, within: UInt64(pages.count)) }
        #expect(read.columns[0].columnIndex == nil && read.columns[0].offsetIndex == nil)
        #expect(read.columns[0].bloomFilter == nil)
        #expect(read.columns[0].pages == group.columns[0].pages)
    }
}
