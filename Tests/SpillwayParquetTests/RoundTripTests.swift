import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

@Suite struct RoundTripTests {
    /// Sizes around those of miniblocks, blocks and pages.
    private static let sizes = [1, 2, 7, 8, 9, 31, 32, 33, 34, 127, 128, 129, 130, 256, 257, 999, 3000]

    @Test(arguments: sizes) func integersOfEveryWidth(_ count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        for width in 0...64 {
            let mask: UInt64 = width == 64 ? .max : 1 << UInt64(width) - 1
            let wide = (0..<count).map { _ in Int64(bitPattern: random.next() & mask) }
            let ascending = wide.sorted()
            let narrow = wide.map { Int32(truncatingIfNeeded: $0) }
            try check([[.int64(wide), .int64(ascending), .int32(narrow)]], pageRows: 256)
        }
    }

    @Test func integersAtTheLimits() throws {
        let wide: [Int64] = [.min, .max, .min, 0, .max, -1, .min, .min, 1]
        let narrow: [Int32] = [.min, .max, .min, 0, .max, -1, .min, .min, 1]
        for count in 1...9 {
            try check([[.int64(Array(wide.prefix(count))), .int32(Array(narrow.prefix(count)))]])
        }
    }

    /// Whatever the encoder would choose, both encodings of integers carry the limits.
    @Test func deltasWrap() throws {
        let values = (0..<300).map { [Int64.min, .max, 0, -1][$0 % 4] }
        var body = ByteBuffer()
        values.withUnsafeBufferPointer { DeltaEncoding.encode($0, into: &body) }
        var decoded = [Int64](repeating: 7, count: values.count)
        try body.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, fileOffset: 0)
            try decoded.withUnsafeMutableBufferPointer { try DeltaDecoding.decode(&reader, into: $0, of: values.count) }
        }
        #expect(decoded == values)
    }

    @Test(arguments: sizes) func stringsOfEveryDictionarySize(_ count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        for distinct in [1, 2, 3, 4, 5, 8, 9, 16, 17, 255, 256, 257, 300, 600] {
            let names = (0..<distinct).map { $0 == 1 ? "" : "ñame \($0)" }
            let scattered = (0..<count).map { _ in names[Int(random.next() % UInt64(distinct))] }
            var runs: [String] = []
            while runs.count < count {
                let name = names[Int(random.next() % UInt64(distinct))]
                runs += repeatElement(name, count: Int(random.next() % 80))
            }
            try check([[.strings(scattered), .strings(Array(runs.prefix(count)))]], pageRows: 500)
        }
    }

    /// Equal to Swift, different in bytes.
    @Test func stringsAreBytes() throws {
        try check([[.strings(["\u{e9}"])], [.strings(["e\u{301}"])]])
    }

    @Test func rowGroupsAfterJunk() throws {
        let first: [Values] = [.int64([1, 2, 3]), .strings(["a", "b", "a"])]
        let second: [Values] = [.int64([4, -5]), .strings(["c", "c"])]
        try check([first, second], gap: 100)
    }

    @Test func compressesOnlyWhatShrinks() throws {
        var random = SplitMix64(seed: 3)
        let repetitive = (0..<5000).map { Int64([3, 900_000, 7][$0 % 3]) }
        let scattered = (0..<5000).map { _ in Int64(bitPattern: random.next()) }
        let bytes = makeFile([[.int64(repetitive), .int64(scattered)]])
        let columns = try ParquetFooter.read(from: MemoryFile(bytes)).rowGroups[0].columns
        #expect(columns[0].codec == .lz4Raw)
        #expect(columns[0].compressedByteCount < columns[0].uncompressedByteCount)
        #expect(columns[1].codec == .uncompressed)
        #expect(columns[1].encodings == [.plain])
        try check([[.int64(repetitive), .int64(scattered)]])
    }

    /// A column sorted by its codes costs bytes a run, not bits a row.
    @Test func sortedCodesShrinkToRuns() throws {
        let names = (0..<100_000).map { "name \($0 / 5000)" }
        let bytes = makeFile([[.strings(names)]])
        #expect(bytes.count < 1500)
        var decoder = ColumnChunkDecoder()
        let file = MemoryFile(bytes)
        let column = try ParquetFooter.read(from: file).rowGroups[0].columns[0]
        var chunk = ByteBuffer()
        try column.read(from: file, into: &chunk)
        var (runCount, rowCount) = (0, 0)
        try chunk.withUnsafeBytes { (chunk) throws(ParquetError) in
            try decoder.forEachBlock(chunk, column) { block in
                guard case .run(_, let count) = block else { return }
                runCount += 1
                rowCount += count
            }
        }
        #expect(rowCount == 100_000)
        #expect(runCount <= 22)
        #expect(decoder.dictionary.count == 20)
    }

    @Test func metadataOfARowGroupStandsAlone() throws {
        let columns: [Values] = [
            .int64((0..<1000).map { Int64($0 * $0) }), .int32((0..<1000).map { Int32(-$0) }),
            .strings((0..<1000).map { "s\($0 % 17)" }),
        ]
        let schema = ParquetSchema(columns: [
            .init(name: "time", type: .timestampMicros), .init(name: "b", type: .int32),
            .init(name: "c", type: .string),
        ])
        var encoder = RowGroupEncoder(schema: schema, pageRows: 300)
        var pages = ByteBuffer()
        var serialized = ByteBuffer()
        pages.append([1, 2, 3])
        let metadata = encode(columns, with: &encoder, into: &pages)
        #expect(metadata.columns[0].offset == 0)
        #expect(metadata.columns[0].pages.map(\.firstRow) == [0, 300, 600, 900])
        #expect(metadata.compressedByteCount == pages.count - 3)
        #expect(metadata.columns[1].min == Int32(-999).littleEndianBytes)
        #expect(metadata.columns[1].pages[0].min == Int32(-299).littleEndianBytes)
        metadata.serialize(into: &serialized)
        let parsed = try serialized.withUnsafeBytes { bytes in
            try RowGroupMetadata(parsing: bytes, within: UInt64(pages.count - 3))
        }
        #expect(parsed == metadata)
        #expect(
            metadata.rebased(by: 10).columns[2].pages[1].offset == metadata.columns[2].pages[1].offset + 10)
        serialized.withUnsafeBytes { bytes in
            _ = #expect(throws: ParquetError.self) { try RowGroupMetadata(parsing: bytes, within: 100) }
        }
    }

    /// Runs that pages cut, are shorter than any bit-packed stretch, and as long as several pages.
    @Test func runsAreTheSameAsTheirCodes() throws {
        let names = ["b", "a", "unused", "c"]
        var runs: [CodeRun] = []
        for index in 0..<400 { runs.append(UInt16([0, 1, 3][index % 3]), count: index % 7 == 0 ? 950 : index % 11) }
        let codes = runs.flatMap { Array(repeating: $0.code, count: $0.count) }
        var encoder = RowGroupEncoder(
            schema: ParquetSchema(columns: [.init(name: "c", type: .string)]), pageRows: 300)
        var output = ByteBuffer()
        encoder.begin(rowCount: codes.count)
        encoder.encode(runs: runs, names: names, as: 0)
        let column = encoder.finish(into: &output).columns[0]
        let file = MemoryFile(output.withUnsafeBytes { Array($0) })
        var decoder = ColumnChunkDecoder()
        #expect(try decode(column, of: file, with: &decoder) == .strings(codes.map { names[Int($0)] }))
        #expect(column.pages.map(\.firstRow) == Array(stride(from: 0, to: codes.count, by: 300)))
        #expect(column.min == [97] && column.max == [99])
        let firstOfPages = column.pages.map { page in
            codes[page.firstRow..<min(page.firstRow + 300, codes.count)].map { Array(names[Int($0)].utf8) }
        }
        #expect(column.pages.map(\.min) == firstOfPages.map { $0.min { $0.lexicographicallyPrecedes($1) } })
    }

    /// Values that come a page or more at a time are encoded as those that come at once.
    @Test func pagesMayComeOneByOne() {
        let values = (0..<1000).map { Int64($0 * $0) }
        let schema = ParquetSchema(columns: [.init(name: "a", type: .int64)])
        var encoder = RowGroupEncoder(schema: schema, pageRows: 300)
        var atOnce = ByteBuffer()
        var inParts = ByteBuffer()
        encoder.begin(rowCount: values.count)
        values.withUnsafeBufferPointer { encoder.append(int64: $0, to: 0) }
        let whole = encoder.finish(into: &atOnce)
        encoder.begin(rowCount: values.count)
        for rows in [0..<300, 300..<900, 900..<1000] {
            values[rows].withUnsafeBufferPointer { encoder.append(int64: $0, to: 0) }
        }
        let divided = encoder.finish(into: &inParts)
        #expect(whole == divided)
        #expect(atOnce.withUnsafeBytes { Array($0) } == inParts.withUnsafeBytes { Array($0) })
    }

    private func check(_ rowGroups: [[Values]], pageRows: Int = 65_536, gap: Int = 0) throws {
        let bytes = makeFile(rowGroups, pageRows: pageRows, gap: gap)
        let file = MemoryFile(bytes)
        var footer = try ParquetFooter.read(from: file)
        #expect(footer.createdBy == "spillway tests")
        #expect(footer.keyValueMetadata == ["key": "value"])
        #expect(footer.rowGroups.map(\.rowCount) == rowGroups.map { $0[0].count })
        try footer.loadPageIndexes(from: file)
        var decoder = ColumnChunkDecoder()
        for (group, columns) in zip(footer.rowGroups, rowGroups) {
            for (column, values) in zip(group.columns, columns) {
                let decoded = try decode(column, of: file, with: &decoder)
                #expect(decoded == values)
                #expect(column.pages.count == (values.count - 1) / pageRows + 1)
                checkStatistics(column, values)
            }
        }
    }

    private func checkStatistics(_ column: ColumnChunkMetadata, _ values: Values) {
        switch values {
        case .int64(let values):
            #expect(column.min == values.min()?.littleEndianBytes)
            #expect(column.max == values.max()?.littleEndianBytes)
            #expect(column.pages[0].max == values[..<column.endOfFirstPage].max()?.littleEndianBytes)
        case .int32(let values):
            #expect(column.min == values.min()?.littleEndianBytes)
            #expect(column.max == values.max()?.littleEndianBytes)
            #expect(column.pages[0].max == values[..<column.endOfFirstPage].max()?.littleEndianBytes)
        case .strings(let values):
            let ordered = values.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(column.min == ordered.first)
            #expect(column.max == ordered.last)
        }
    }
}

extension ColumnChunkMetadata {
    fileprivate var endOfFirstPage: Int { pages.count > 1 ? pages[1].firstRow : valueCount }
}
