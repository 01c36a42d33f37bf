import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayInterchange

/// Files that claim what is not so.
@Suite struct HostileFileTests {
    private func page(_ count: Int, _ body: [UInt8]) -> TestFile.Page { page(count, .plain, body) }

    private func page(_ count: Int, _ encoding: Encoding, _ body: [UInt8]) -> TestFile.Page {
        TestFile.Page(valueCount: count, encoding: encoding, body: body)
    }

    private func expectError(_ file: TestFile, _ problem: String, isText: Bool = false) throws {
        let error = try #require(throws: ParquetError.self) {
            _ = isText ? try file.texts().count : try file.values().count
        }
        #expect(error.description.contains(problem), "\(error)")
    }

    @Test func countsThatDoNotAgreeAreDamage() throws {
        let body = [UInt8](repeating: 0, count: 16)
        try expectError(TestFile(.int64, rowCount: 3, [page(2, body)]), "fewer values")
        try expectError(TestFile(.int64, rowCount: 1, [page(2, body)]), "more values")
        try expectError(TestFile(.int64, rowCount: 3, [page(3, body)]), "16 bytes for 3 values")
        try expectError(TestFile(.int64, rowCount: 1 << 24 + 1, [page(2, body)]), "16777217 rows")
        try expectError(TestFile(.int64, rowCount: 1 << 24, [page(1 << 24, body)]), "16 bytes for 16777216 values")
    }

    @Test func hugePagesAreRefusedBeforeTheyHaveMemory() throws {
        var huge = page(1, [0, 0])
        huge.uncompressedByteCount = 1 << 30
        var file = TestFile(.int64, rowCount: 1, [huge])
        file.codec = CompressionCodec.zstd.rawValue
        try expectError(file, "a page of 1073741824 bytes")
    }

    @Test func pagesBeyondTheirColumnAreDamage() throws {
        var file = TestFile(.int64, rowCount: 1, [page(1, [UInt8](repeating: 0, count: 8))])
        file.byteCountError = -1
        try expectError(file, "passes the end of its column")
        file.byteCountError = 1 << 40
        try expectError(file, "lies outside of the file's pages")
        (file.byteCountError, file.offsetError) = (0, 1 << 60)
        try expectError(file, "lies outside of the file's pages")
    }

    @Test func codesBeyondTheDictionaryAreDamage() throws {
        let dictionary = TestFile.Page(type: .dictionary, valueCount: 1, body: Int64(5).littleEndianBytes)
        let codes = page(1, .rleDictionary, [8, 1 << 1, 200])
        try expectError(TestFile(.int64, rowCount: 1, [dictionary, codes]), "code 200 in a dictionary of 1")
        try expectError(TestFile(.int64, rowCount: 1, [codes]), "codes without a dictionary")
        try expectError(TestFile(.int64, rowCount: 1, [dictionary, dictionary, codes]), "a second dictionary")
        try expectError(
            TestFile(.int64, rowCount: 2, [dictionary, page(1, .rleDictionary, [8, 1 << 1, 0]), dictionary, codes]),
            "a dictionary after values")
    }

    @Test func levelsThatMakeNoSenseAreDamage() throws {
        let levels = UInt32(2).littleEndianBytes
        let value = Int64(1).littleEndianBytes
        for body in [
            levels + [1 << 1, 3] + value,  // beyond the greatest
            levels + [0, 1] + value,  // none
            levels + [9 << 1, 1] + value,  // too many
            UInt32.max.littleEndianBytes + [1 << 1, 1] + value,  // longer than the page
            [1],
        ] {
            #expect(throws: ParquetError.self) {
                try TestFile(.int64, isOptional: true, rowCount: 1, [page(1, body)]).values()
            }
        }
        let repeating = TestFile.Page(
            type: .dataV2, valueCount: 1, body: [0, 0] + value, levelByteCounts: (2, 0))
        try expectError(TestFile(.int64, rowCount: 1, [repeating]), "repetitions")
        let long = TestFile.Page(type: .dataV2, valueCount: 1, body: value, levelByteCounts: (0, 1 << 30))
        try expectError(TestFile(.int64, rowCount: 1, [long]), "levels pass the end")
    }

    @Test func textsBeyondTheirPageAreDamage() throws {
        let long = UInt32.max.littleEndianBytes + [65]
        try expectError(TestFile(.byteArray, rowCount: 1, [page(1, long)]), "bytes wanted", isText: true)
        // One miniblock of none but zeros, after a first value: lengths of −1, and prefixes of nothing.
        func deltas(_ first: UInt8) -> [UInt8] { [128, 1, 4, 1, first] }
        try expectError(
            TestFile(.byteArray, rowCount: 1, [page(1, .deltaLengthByteArray, deltas(1))]), "negative length",
            isText: true)
        try expectError(
            TestFile(.byteArray, rowCount: 1, [page(1, .deltaByteArray, deltas(2) + deltas(0))]),
            "a prefix of 1 bytes of a string of 0", isText: true)
    }

    @Test func manyTextsOfOneAreBoundByMemory() throws {
        // Each is all of the one before: a million bytes of which each row adds none.
        let count = 1 << 10
        let text = [UInt8](repeating: 65, count: 1 << 20)
        // First 0, then a block that adds 2²⁰ once and nothing after: prefixes; the other way around: suffixes.
        func deltas(first: Int64, then rest: Int64) -> [UInt8] {
            var values = [first] + [Int64](repeating: rest, count: count - 1)
            var bytes = varint(128) + varint(4) + varint(UInt64(count)) + varint(zigzag(values.removeFirst()))
            var previous = first
            for start in stride(from: 0, to: values.count, by: 128) {
                // The least delta with a width of 64 bits for what is above it.
                let block = Array(values[start..<min(start + 128, values.count)])
                let deltas = block.map { value in
                    defer { previous = value }; return value - previous
                }
                let least = deltas.min() ?? 0
                bytes += varint(zigzag(least)) + [64, 64, 64, 64]
                let padded = deltas.map { UInt64(bitPattern: $0 - least) } + [UInt64](repeating: 0, count: 128)
                let used = (deltas.count + 31) / 32 * 32
                bytes += padded.prefix(used).flatMap(\.littleEndianBytes)
            }
            return bytes
        }
        let body = deltas(first: 0, then: 1 << 20) + deltas(first: 1 << 20, then: 0) + text
        let file = TestFile(.byteArray, rowCount: count, [page(count, .deltaByteArray, body)])
        try expectError(file, "strings of over", isText: true)
        #expect(try file.texts(1022..<1024).allSatisfy { $0?.utf8.count == 1 << 20 })
    }

    private func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    private func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

    @Test func codecsThatAreNotReadAreNamed() throws {
        for (code, name) in [(3, "LZO"), (4, "BROTLI"), (5, "LZ4:"), (99, "number 99"), (-1, "number -1")] {
            var file = TestFile(.int64, rowCount: 1, [page(1, [UInt8](repeating: 0, count: 8))])
            file.codec = Int32(code)
            try expectError(file, "codec \(name)")
        }
    }

    @Test func schemasThatDoNotAddUpAreDamage() throws {
        var file = TestFile(.int64, rowCount: 1, [page(1, [UInt8](repeating: 0, count: 8))])
        file.nodes[0].childCount = 2
        try expectError(file, "fewer fields than it says")
        file.nodes[0].childCount = 0
        try expectError(file, "more fields than it says")
        file.nodes[0].childCount = Int(Int32.max)
        try expectError(file, "fewer fields than it says")
        let groups = (0..<100).map { TestFile.Node(name: "\($0)", storedType: nil, childCount: 1) }
        file.nodes = groups + [file.nodes[1]]
        try expectError(file, "nested too deep")
        file.nodes = []
        try expectError(file, "without a root")
    }

    @Test func filesCutShortAreErrors() throws {
        let bytes = TestFile(.int64, rowCount: 1, [page(1, [UInt8](repeating: 0, count: 8))]).bytes
        let directory = TemporaryDirectory()
        for count in bytes.indices {
            let file = try PosixSystem().open(directory.file("t.parquet", bytes.prefix(count)), .read)
            #expect(throws: ParquetError.self) { try InterchangeFile(file) }
        }
    }
}
