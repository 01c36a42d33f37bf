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
