import Foundation
@testable import SpillwayParquet
import SpillwayPlatform
import Testing

/// Files that pyarrow wrote: Fixtures/make_fixtures.py.
@Suite struct FixtureTests {
    private static let rows = 1000

    private static let expected: [String: Values] = [
        "scattered": .int64((0..<rows).map { Int64(bitPattern: UInt64($0) &* 0x9e37_79b9_7f4a_7c15) }),
        "extremes": .int64((0..<rows).map { extremes()[$0 % 9] }),
        "constant": .int64((0..<rows).map { _ in 42 }),
        "time": .int64((0..<rows).map { 1_633_363_200_000_000 + Int64($0 * $0) }),
        "small32": .int32((0..<rows).map { Int32($0 * 7919 % 1000) }),
        "extremes32": .int32((0..<rows).map { extremes()[$0 % 9] }),
        "one": .strings((0..<rows).map { _ in "only" }),
        "two": .strings((0..<rows).map { $0 % 3 == 0 ? "" : "Zürich 🏔" }),
        "many": .strings((0..<rows).map { "name-\($0 * 7 % 300)" }),
        "runs": .strings((0..<rows).map { "run \($0 / 150)" }),
    ]

    private static func extremes<Value: FixedWidthInteger & SignedInteger>() -> [Value] {
        [.min, .max, 0, -1, 1, .max, .min, .min + 1, .max - 1]
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "parquet"))
        return try Array(Data(contentsOf: url))
    }

    @Test(arguments: [
        "plain", "delta", "dictionary", "dictionary-lz4", "version1", "v2-delta-lz4", "v2-dictionary",
        "fallback",
        "page-index", "reversed",
    ])
    func readsTheTable(_ name: String) throws {
        let columns = try readFile(Self.bytes(name))
        #expect(columns.count == Self.expected.count)
        for (column, values) in Self.expected { #expect(columns[column] == values, "\(column)") }
    }

    /// Guards against fixtures that no longer hold what their names say.
    @Test(arguments: [
        ("plain", "scattered", Encoding.plain, Codec.uncompressed),
        ("delta", "scattered", .deltaBinaryPacked, .uncompressed),
        ("dictionary-lz4", "many", .rleDictionary, .lz4Raw),
        ("v2-delta-lz4", "extremes32", .deltaBinaryPacked, .lz4Raw),
        ("version1", "many", .plainDictionary, .uncompressed),
    ])
    func hasTheEncoding(_ name: String, _ column: String, _ encoding: Encoding, _ codec: Codec) throws {
        let footer = try ParquetFooter.read(from: MemoryFile(Self.bytes(name)))
        #expect(footer.rowGroups.map(\.rowCount) == [700, 300])
        let chunk = try #require(footer.rowGroups[0].columns.first { $0.name == column })
        #expect(chunk.encodings.contains(encoding))
        #expect(chunk.codec == codec)
    }

    @Test func tellsTypes() throws {
        let schema = try ParquetFooter.read(from: MemoryFile(Self.bytes("plain"))).schema
        #expect(schema.columns[2] == ParquetColumn(name: "constant", type: .int64))
        #expect(schema.columns[3] == ParquetColumn(name: "time", type: .timestampMicros))
        #expect(schema.columns[4] == ParquetColumn(name: "small32", type: .int32))
        #expect(schema.columns[6] == ParquetColumn(name: "one", type: .string))
    }

    @Test func readsStatisticsAndPageIndex() throws {
        let file = try MemoryFile(Self.bytes("page-index"))
        var footer = try ParquetFooter.read(from: file)
        try footer.loadPageIndexes(from: file)
        let time = try #require(footer.rowGroups[1].columns.first { $0.name == "time" })
        let start: Int64 = 1_633_363_200_000_000
        #expect(time.min == (start + 700 * 700).littleEndianBytes)
        #expect(time.max == (start + 999 * 999).littleEndianBytes)
        #expect(time.pages.count > 1)
        for page in time.pages {
            let row = Int64(700 + page.firstRow)
            #expect(page.min == (start + row * row).littleEndianBytes)
        }
    }

    @Test(arguments: ["nullable", "double", "nanoseconds", "unsigned", "snappy"])
    func refusesWhatItDoesNotKnow(_ name: String) throws {
        let bytes = try Self.bytes(name)
        let error = #expect(throws: ParquetError.self) { try readFile(bytes) }
        guard case .unsupported = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    /// The same values, encoded here, give the same page byte for byte. (For INT64, pyarrow's blocks are larger.)
    @Test(arguments: ["small32", "extremes32"])
    func encodesDeltasAsOthersDo(_ column: String) throws {
        let bytes = try Self.bytes("delta")
        let group = try ParquetFooter.read(from: MemoryFile(bytes)).rowGroups[0]
        let chunk = try #require(group.columns.first { $0.name == column })
        guard case .int32(let values) = try #require(Self.expected[column]) else { return }
        var body = ByteBuffer()
        values[..<700].withUnsafeBufferPointer { DeltaEncoding.encode($0, into: &body) }
        // The chunk is one page, header and body.
        let theirs = bytes[Int(chunk.offset)..<Int(chunk.byteRange.upperBound)].suffix(body.count)
        #expect(body.withUnsafeBytes { Array($0) } == Array(theirs))
    }
}
