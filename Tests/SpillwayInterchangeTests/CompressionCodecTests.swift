import CZlib
import SpillwayInterchange
import SpillwayParquet
import SpillwayPlatform
import Testing

@Suite struct CompressionCodecTests {
    private static let text = Array(String(repeating: "spillway ", count: 8).utf8)

    /// ``text``, as pyarrow compresses it.
    private static let compressed: [CompressionCodec: [UInt8]] = [
        .uncompressed: text,
        .snappy: [72, 32, 115, 112, 105, 108, 108, 119, 97, 121, 32, 250, 9, 0],
        .zstd: [
            40, 181, 47, 253, 32, 72, 125, 0, 0, 72, 115, 112, 105, 108, 108, 119, 97, 121, 32, 1, 0, 164, 84, 142,
        ],
        .gzip: gzip,
        .lz4Raw: [159, 115, 112, 105, 108, 108, 119, 97, 121, 32, 9, 0, 39, 80, 108, 119, 97, 121, 32],
    ]
    private static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 46, 200, 204, 201, 41, 79, 172, 84, 40, 166, 140, 1, 0, 158, 28, 36, 123,
        72, 0, 0, 0,
    ]

    private func decompress(
        _ codec: CompressionCodec, _ bytes: [UInt8], byteCount: Int = text.count
    ) throws(ParquetError) -> [UInt8] {
        var output = ByteBuffer()
        try bytes.withUnsafeBufferPointer { (bytes) throws(ParquetError) in
            try codec.decompress(UnsafeRawBufferPointer(bytes), byteCount: byteCount, at: 7, into: &output)
        }
        return output.withUnsafeBytes { Array($0) }
    }

    @Test(arguments: CompressionCodec.allCases) func whatWasCompressedComesBack(_ codec: CompressionCodec) throws {
        #expect(try decompress(codec, #require(Self.compressed[codec])) == Self.text)
        #expect(try decompress(codec, [], byteCount: 0).isEmpty)
    }

    @Test func gzipMayHaveSeveralMembers() throws {
        let twice = try decompress(.gzip, Self.gzip + Self.gzip, byteCount: 2 * Self.text.count)
        #expect(twice == Self.text + Self.text)
    }

    @Test(arguments: CompressionCodec.allCases) func anotherSizeIsDamage(_ codec: CompressionCodec) throws {
        let bytes = try #require(Self.compressed[codec])
        for byteCount in [1, Self.text.count - 1, Self.text.count + 1, 1 << 20] {
            let error = try #require(throws: ParquetError.self) {
                try decompress(codec, bytes, byteCount: byteCount)
            }
            #expect(error.offset == 7)
        }
    }

    @Test(arguments: CompressionCodec.allCases) func bytesCutShortAreDamage(_ codec: CompressionCodec) throws {
        let bytes = try #require(Self.compressed[codec])
        for count in bytes.indices {
            #expect(throws: ParquetError.self) { try decompress(codec, Array(bytes.prefix(count))) }
        }
    }

    @Test(arguments: CompressionCodec.allCases) func damageNeverPassesTheEnd(_ codec: CompressionCodec) throws {
        let bytes = try #require(Self.compressed[codec])
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                guard let output = try? decompress(codec, damaged) else { continue }
                #expect(output.count == Self.text.count)
            }
        }
    }
}
