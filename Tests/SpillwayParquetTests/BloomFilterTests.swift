import CSpillwayKernels
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

@Suite struct BloomFilterTests {
    /// The first is xxHash's own (tests/sanity_test_vectors.h, length 8, seed 0), over the bytes 00 52 92 9b b7 32 a3
    /// 24; the others were made with its C library.
    @Test(
        arguments: [
            (0x24a3_32b7_9b92_5200, 0xcdbc_f538_e71d_1348), (0, 0x34c9_6acd_cadb_1bbb), (1, 0x9f29_cb17_a2a4_9995),
            (UInt64.max, 0x85d1_36ad_b773_c6c9), (5_511_912_345_678, 0x81a5_06d5_a64d_bedc),
            (1 << 63, 0x3f42_5eac_f015_44e0), (0x0123_4567_89ab_cdef, 0xea3c_5208_1e98_43ec),
        ] as [(UInt64, UInt64)]) func hashesAreThoseOfXXHash(_ value: UInt64, _ hash: UInt64)
    {
        #expect(spillway_xxh64_u64(value) == hash)
    }

    /// A million values pass, about 1 % of a million others do.
    @Test func noFalseNegativesAndFewFalsePositives() {
        let values = (0..<1_000_000).map { 5_511_900_000_000 + Int64($0) * 97 }
        let filter = self.filter(values)
        #expect(filter.blocks.count == 41_016)
        #expect(values.allSatisfy(filter.mightContain))
        let falsePositives = values.count { filter.mightContain($0 + 1) }
        #expect((8_000...12_000).contains(falsePositives))
    }

    /// One by one, many at once, and with the filter's bytes as they are in the file.
    @Test func manyValuesPassAsEachDoesAlone() throws {
        let values = (0..<3000).map { Int64($0 * 7) }
        let file = MemoryFile(makeFile([values]))
        let chunk = try ParquetFooter.read(from: file).rowGroups[0].columns[1]
        let filter = filter(values)
        var scratch = ByteBuffer()
        for count in [0, 1, 5000] {
            let sought = (0..<count).map { Int64($0 * 3) }
            let passing = sought.filter(filter.mightContain)
            #expect(filter.passing(sought[...]) == passing)
            #expect(try chunk.passingBloomFilter(sought[...], from: file, scratch: &scratch) == passing)
            #expect(passing.count < sought.count || count < 2)
        }
    }

    @Test(arguments: [0, 1, 24, 25, 1000]) func smallFilters(_ count: Int) throws {
        var random = SplitMix64(seed: 11)
        let values = (0..<count).map { _ in Int64(bitPattern: random.next()) }
        let filter = self.filter(values)
        #expect(filter.blocks.count == count * 21 / 16 / 32 + 1)
        #expect(values.allSatisfy(filter.mightContain))
        let others = (0..<1000).count { _ in filter.mightContain(Int64(bitPattern: random.next())) }
        #expect(others < 50)
        #expect(try parse(bytes(filter)) == filter)
    }

    /// Thrift `{1: 32, 2: {1: {}}, 3: {1: {}}, 4: {1: {}}}`, then one block, whose bits follow from BloomFilter.md.
    @Test func layoutIsTheSpecifications() {
        let filter = self.filter([5_511_912_345_678])
        let header: [UInt8] = [0x15, 0x40, 0x1c, 0x1c, 0, 0, 0x1c, 0x1c, 0, 0, 0x1c, 0x1c, 0, 0, 0]
        let salt: [UInt32] = [
            0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
        ]
        let words = salt.map { UInt32(1) << ((0xa64d_bedc &* $0) >> 27) }
        #expect(bytes(filter) == header + words.flatMap(\.littleEndianBytes))
    }

    @Test func aFileCarriesTheFiltersOfItsRowGroups() throws {
        let rowGroups = (0..<3).map { group in (0..<500).map { Int64($0 * 3 + group * 10_000) } }
        let file = MemoryFile(makeFile(rowGroups))
        var footer = try ParquetFooter.read(from: file)
        for (group, values) in zip(footer.rowGroups, rowGroups) {
            #expect(group.columns[0].bloomFilter == nil)
            #expect(try group.columns[1].readBloomFilter(from: file) == filter(values))
        }
        #expect(try footer.rowGroups[0].columns[0].readBloomFilter(from: file) == nil)
        try footer.loadPageIndexes(from: file)
        #expect(footer.rowGroups.allSatisfy { $0.columns.allSatisfy { $0.pages.count == 1 } })
        let filters = footer.rowGroups.compactMap { $0.columns[1].bloomFilter }
        let indexes = footer.rowGroups.flatMap(\.columns).compactMap(\.columnIndex)
        let lastFilter = try #require(filters.map(\.upperBound).max())
        #expect(try lastFilter <= #require(indexes.map(\.lowerBound).min()))
    }

    /// What was read from one file says nothing of where another has its filters.
    @Test func aFooterThatIsWrittenAnewForgetsItsFilters() throws {
        var footer = try ParquetFooter.read(from: MemoryFile(makeFile([[1, 2, 3]])))
        var output = ByteBuffer()
        output.append(repeatElement(0, count: 4096))
        output.replace(at: 0, littleEndian: UInt32(0x3152_4150))
        footer.serialize(at: 4096, into: &output)
        footer = try ParquetFooter.read(from: MemoryFile(output.withUnsafeBytes { Array($0) }))
        #expect(footer.rowGroups[0].columns[1].bloomFilter == nil)
    }

    @Test func everyTruncationIsAnError() throws {
        let intact = bytes(filter((0..<60).map { Int64($0) }))
        for count in intact.indices {
            let error = #expect(throws: ParquetError.self) { try parse(Array(intact[..<count])) }
            #expect(error?.offset ?? 0 >= 1000)
        }
        #expect(throws: ParquetError.self) { try parse(intact + [0]) }
    }

    /// A header that is not what was written is an error, or says the same.
    @Test func everyFlippedBitOfAHeaderIsAnError() throws {
        let filter = self.filter((0..<60).map { Int64($0) })
        let intact = bytes(filter)
        var refused = 0
        for position in 0..<intact.count - filter.blocks.count * 32 {
            for bit in 0..<8 {
                var damaged = intact
                damaged[position] ^= 1 << UInt8(bit)
                do {
                    #expect(try parse(damaged) == filter)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 90)
    }

    @Test(arguments: [0, -32, 31, 33, .max, (128 << 20) + 32] as [Int32]) func absurdLengthsAreRefused(_ length: Int32)
    {
        var writer = ThriftWriter()
        writer.structure { header in
            header.field(1, i32: length)
            for union in 2...4 { header.field(union) { $0.field(1) { _ in } } }
        }
        let bytes = writer.bytes + [UInt8](repeating: 0, count: 64)
        #expect(throws: ParquetError.self) { try parse(bytes) }
    }

    @Test func otherAlgorithmsAreNotSupported() throws {
        let intact = bytes(filter([1]))
        for position in [3, 7, 11] {
            var other = intact
            other[position] = 0x2c
            let error = #expect(throws: ParquetError.self) { try parse(other) }
            guard case .unsupported = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func placesOutsideOfTheFileAreRefused() throws {
        let file = MemoryFile(makeFile([[1, 2, 3]]))
        var column = try ParquetFooter.read(from: file).rowGroups[0].columns[1]
        let place = try #require(column.bloomFilter)
        for damaged in [
            place.lowerBound..<place.upperBound - 1, place.lowerBound..<place.upperBound + 1,
            place.lowerBound + 1..<place.upperBound, file.size()..<file.size() + 47, 0..<UInt64(200 << 20),
        ] {
            column.bloomFilter = damaged
            #expect(throws: ParquetError.self) { try column.readBloomFilter(from: file) }
        }
    }

    @Test func aChecksumCatchesAnyFlippedBit() throws {
        let intact = makeFile([(0..<60).map { Int64($0) }])
        var column = try ParquetFooter.read(from: MemoryFile(intact)).rowGroups[0].columns[1]
        let filter = try #require(try column.readBloomFilter(from: MemoryFile(intact)))
        column.bloomFilterChecksum = filter.checksum
        #expect(try column.readBloomFilter(from: MemoryFile(intact)) == filter)
        let place = try #require(column.bloomFilter)
        for position in place {
            var damaged = intact
            damaged[Int(position)] ^= 1 << UInt8(position % 8)
            #expect(throws: ParquetError.self) { try column.readBloomFilter(from: MemoryFile(damaged)) }
        }
    }

    /// Two columns of the same values, the second with filters.
    private func makeFile(_ rowGroups: [[Int64]]) -> [UInt8] {
        let schema = ParquetSchema(columns: [.init(name: "a", type: .int64), .init(name: "b", type: .int64)])
        var encoder = RowGroupEncoder(schema: schema)
        var output = ByteBuffer()
        output.append(ParquetFooter.magic)
        var metadata: [RowGroupMetadata] = []
        for values in rowGroups {
            let base = UInt64(output.count)
            metadata.append(
                encode([.int64(values), .int64(values)], with: &encoder, into: &output).rebased(by: base))
        }
        ParquetFooter(schema: schema, rowGroups: metadata, createdBy: "tests")
            .serialize(
                at: UInt64(output.count), bloomFilters: [1: rowGroups.map(filter)], into: &output)
        return output.withUnsafeBytes { Array($0) }
    }

    private func filter(_ values: [Int64]) -> BloomFilter { BloomFilter(values.span) }

    private func bytes(_ filter: BloomFilter) -> [UInt8] {
        var output = ByteBuffer()
        filter.serialize(into: &output)
        return output.withUnsafeBytes { Array($0) }
    }

    private func parse(_ bytes: [UInt8]) throws -> BloomFilter {
        try bytes.withUnsafeBytes { try BloomFilter(parsing: $0, at: 1000) }
    }
}
