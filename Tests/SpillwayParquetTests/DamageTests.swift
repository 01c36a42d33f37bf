import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

/// Whatever happens to a file, reading it throws or gives the values that were written.
@Suite struct DamageTests {
    private static let columns: [Values] = [
        .int64((0..<40).map { Int64($0 * $0) }),
        .int32((0..<40).map { Int32($0 % 7) }),
        .strings((0..<40).map { ["x", "", "żółw"][$0 / 15] }),
        .int64((0..<40).map { Int64(bitPattern: UInt64($0) &* 0x9e37_79b9_7f4a_7c15) }),
    ]

    /// Written here, and by pyarrow with version 2 pages, a dictionary and LZ4.
    private static func files() throws -> [[UInt8]] {
        [
            makeFile([columns, columns], pageRows: 16, gap: 3),
            makeFile([[.int64((0..<600).map { Int64([3, 900_000, 7][$0 % 3]) })]]),
            try FixtureTests.bytes("tiny"),
        ]
    }

    /// By position, as damage to a name is no damage to values.
    private func values(_ bytes: [UInt8]) throws(ParquetError) -> [Values] {
        let file = MemoryFile(bytes)
        var decoder = ColumnChunkDecoder()
        var result: [Values] = []
        for column in try ParquetFooter.read(from: file).rowGroups.flatMap(\.columns) {
            result.append(try decode(column, of: file, with: &decoder))
        }
        return result
    }

    @Test(arguments: 0..<3) func everyBitFlip(_ index: Int) throws {
        let intact = try Self.files()[index]
        let expected = try values(intact)
        var (noticed, damaged) = (0, intact)
        for position in intact.indices {
            for bit in 0..<8 {
                damaged[position] ^= 1 << UInt8(bit)
                defer { damaged[position] = intact[position] }
                do {
                    let values = try values(damaged)
                    if values != expected {
                        Issue.record("bit \(bit) of byte \(position) changes the values")
                    }
                } catch {
                    noticed += 1
                }
            }
        }
        // Most of a small file is the footer, much of which says nothing about values.
        #expect(noticed > intact.count * 2)
    }

    @Test(arguments: 0..<3) func everyTruncation(_ index: Int) throws {
        let intact = try Self.files()[index]
        for count in intact.indices {
            #expect(throws: ParquetError.self) { try readFile(Array(intact[..<count])) }
        }
    }

    @Test func pageBitFlipsAreAlwaysNoticed() throws {
        let intact = makeFile([Self.columns], pageRows: 16)
        let file = MemoryFile(intact)
        let group = try ParquetFooter.read(from: file).rowGroups[0]
        var decoder = ColumnChunkDecoder()
        for column in group.columns {
            var damaged = intact
            // The last byte of a chunk belongs to a page's body.
            let position = Int(column.byteRange.upperBound) - 1
            damaged[position] ^= 1
            let error = #expect(throws: ParquetError.self) {
                try decode(column, of: MemoryFile(damaged), with: &decoder)
            }
            #expect(error?.problem.contains("checksum") == true)
            let offset = try #require(error?.offset)
            #expect(column.byteRange.contains(offset))
        }
    }

    @Test func damagedRowGroupMetadataNeverTraps() throws {
        let schema = ParquetSchema(
            columns: Self.columns.enumerated().map { .init(name: "c\($0)", type: $1.type) })
        var encoder = RowGroupEncoder(schema: schema, pageRows: 16)
        var pages = ByteBuffer()
        var serialized = ByteBuffer()
        encode(Self.columns, with: &encoder, into: &pages).serialize(into: &serialized)
        let intact = serialized.withUnsafeBytes { Array($0) }
        for position in intact.indices {
            for bit in 0..<8 {
                var damaged = intact
                damaged[position] ^= 1 << UInt8(bit)
                let metadata = try? damaged.withUnsafeBytes {
                    try RowGroupMetadata(parsing: $0, within: UInt64(pages.count))
                }
                guard let metadata else { continue }
                for column in metadata.columns { #expect(column.byteRange.upperBound <= UInt64(pages.count)) }
            }
            #expect(throws: ParquetError.self) {
                try intact[..<position].withUnsafeBytes { try RowGroupMetadata(parsing: $0) }
            }
        }
    }

    @Test func damagedPageIndexNeverTraps() throws {
        let intact = makeFile([Self.columns], pageRows: 16)
        let footer = try ParquetFooter.read(from: MemoryFile(intact))
        let indexes = footer.rowGroups[0].columns.flatMap { [$0.columnIndex, $0.offsetIndex] }.compactMap(
            \.self)
        #expect(indexes.count == 8)
        for position in indexes.joined().map(Int.init) {
            for bit in 0..<8 {
                var damaged = intact
                damaged[position] ^= 1 << UInt8(bit)
                var copy = footer
                try? copy.loadPageIndexes(from: MemoryFile(damaged))
                for column in footer.rowGroups[0].columns {
                    let extents = try? column.pageExtents(from: MemoryFile(damaged), withRanges: true)
                    let ends = extents?.map(\.rows.upperBound) ?? []
                    #expect(ends.allSatisfy { $0 <= column.valueCount })
                }
            }
        }
    }

    /// A file without checksums: whatever its pages become, decoding ends.
    @Test func unprotectedPagesNeverTrap() throws {
        let intact = try FixtureTests.bytes("version1")
        var random = SplitMix64(seed: 5)
        for _ in 0..<150 {
            var damaged = intact
            for _ in 0..<8 {
                // The footer is left alone, for the pages to be reached.
                damaged[Int.random(in: 4..<intact.count - 4000, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            _ = try? values(damaged)
        }
    }

    /// Each decoder by itself, with damage that a checksum would have caught.
    @Test func damagedBodiesNeverTrap() {
        var random = SplitMix64(seed: 6)
        var deltas = ByteBuffer()
        (0..<300).map { Int64($0 * $0 % 1000) }.withUnsafeBufferPointer {
            DeltaEncoding.encode($0, into: &deltas)
        }
        var codes = ByteBuffer()
        (0..<300).map { UInt16($0 < 100 ? 5 : $0 % 100) }.withUnsafeBufferPointer {
            HybridEncoding.encode($0, width: 7, into: &codes)
        }
        var values = [Int64](repeating: 0, count: 300)
        var scratch = [UInt32](repeating: 0, count: HybridDecoding.blockSize)
        for _ in 0..<5000 {
            damaged(deltas, &random).withUnsafeBytes { bytes in
                var reader = ByteReader(bytes, fileOffset: 0)
                values.withUnsafeMutableBufferPointer { try? DeltaDecoding.decode(&reader, into: $0, of: 300) }
            }
            damaged(codes, &random).withUnsafeBytes { bytes in
                var reader = ByteReader(bytes, fileOffset: 0)
                var count = 0
                scratch.withUnsafeMutableBufferPointer { scratch in
                    try? HybridDecoding.decode(&reader, count: 300, dictionaryCount: 100, scratch: scratch) {
                        block in
                        switch block {
                        case .run(let code, let length):
                            #expect(code < 100)
                            count += length
                        case .codes(let codes):
                            #expect(codes.allSatisfy { $0 < 100 })
                            count += codes.count
                        }
                    }
                }
                #expect(count <= 300)
            }
        }
    }

    /// The bytes with up to three of them changed, or cut off.
    private func damaged(_ buffer: borrowing ByteBuffer, _ random: inout SplitMix64) -> [UInt8] {
        var bytes = buffer.withUnsafeBytes { Array($0) }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        }
        return Bool.random(using: &random)
            ? bytes : Array(bytes.prefix(Int.random(in: bytes.indices, using: &random)))
    }

    /// Counts that a few bytes claim must not be believed.
    @Test func absurdCountsAreRefused() {
        var room = [Int64](repeating: 0, count: 10)
        // Block of 128 in 4 miniblocks, 2^31 - 1 values.
        let delta: [UInt8] = [0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 7, 0]
        delta.withUnsafeBytes { bytes in
            room.withUnsafeMutableBufferPointer { room in
                _ = #expect(throws: ParquetError.self) {
                    var reader = ByteReader(bytes, fileOffset: 0)
                    try DeltaDecoding.decode(&reader, into: room, of: 10)
                }
            }
        }
        // Width 8, a run of 2^30 codes where the page has 10.
        let run: [UInt8] = [8, 0xfe, 0xff, 0xff, 0xff, 7, 0]
        var scratch = [UInt32](repeating: 0, count: HybridDecoding.blockSize)
        run.withUnsafeBytes { bytes in
            scratch.withUnsafeMutableBufferPointer { scratch in
                _ = #expect(throws: ParquetError.self) {
                    var reader = ByteReader(bytes, fileOffset: 0)
                    try HybridDecoding.decode(
                        &reader, count: 10, dictionaryCount: 1, scratch: scratch
                    ) { (_) throws(ParquetError) in }
                }
            }
        }
        // A list of 2^31 - 1 structs.
        let list: [UInt8] = [0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 7, 0]
        list.withUnsafeBytes { bytes in
            _ = #expect(throws: ParquetError.self) { try RowGroupMetadata(parsing: bytes) }
        }
    }

    /// Structs in structs, each two bytes: a reader without a bound would use up its stack.
    @Test func deepNestingIsRefused() {
        let nested = [UInt8](repeating: 0x1c, count: 100_000)
        nested.withUnsafeBytes { bytes in
            _ = #expect(throws: ParquetError.self) { try RowGroupMetadata(parsing: bytes) }
        }
    }
}
