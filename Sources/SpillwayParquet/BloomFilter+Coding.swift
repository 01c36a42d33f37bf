import SpillwayPlatform

extension BloomFilter {
    /// Appends the filter as a file has it: header, then blocks.
    package func serialize(into output: inout ByteBuffer) {
        var writer = ThriftWriter()
        writer.structure { header in
            header.field(1, i32: Int32(blocks.count * Self.blockByteCount))
            // SplitBlockAlgorithm, XxHash, Uncompressed: each the first of its union.
            for union in 2...4 { header.field(union) { $0.field(1) { _ in } } }
        }
        output.append(writer.bytes)
        output.reserve(blocks.count * Self.blockByteCount)
        for block in blocks {
            for word in block.indices { output.append(littleEndian: block[word]) }
        }
    }

    /// CRC-32C of the serialised filter.
    package var checksum: UInt32 {
        var bytes = ByteBuffer()
        serialize(into: &bytes)
        return bytes.withUnsafeBytes { crc32c($0) }
    }

    /// Reads what ``serialize(into:)`` wrote, all of `bytes`, found at `fileOffset`.
    package init(parsing bytes: UnsafeRawBufferPointer, at fileOffset: UInt64) throws(ParquetError) {
        let content = try Self.blocks(in: bytes, at: fileOffset)
        self.init(
            blocks: stride(from: 0, to: content.count, by: Self.blockByteCount).map { start in
                // Little-endian, as Swift's hosts are.
                content.loadUnaligned(fromByteOffset: start, as: Block.self)
            })
    }

    /// Where a serialised filter has its blocks, one at least.
    static func blocks(
        in bytes: UnsafeRawBufferPointer, at fileOffset: UInt64
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        var thrift = ThriftReader(ByteReader(bytes, fileOffset: fileOffset))
        let byteCount = try Self.blockBytes(ofHeader: &thrift)
        var rest = thrift.rest
        guard byteCount > 0, byteCount % Self.blockByteCount == 0, byteCount <= Self.maximumByteCount,
            byteCount == rest.remaining
        else {
            throw rest.damaged("Bloom filter of \(byteCount) bytes, in a place of \(rest.remaining)")
        }
        return try rest.bytes(byteCount)
    }

    /// parquet.thrift `BloomFilterHeader`.
    private static func blockBytes(ofHeader thrift: inout ThriftReader) throws(ParquetError) -> Int {
        var byteCount: Int?
        var known: Set<Int> = []
        try thrift.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: byteCount = try reader.count32(field)
            case 2...4:
                try reader.structure(field) { (reader, member) throws(ParquetError) in
                    if member.id == 1 { known.insert(field.id) }
                    try reader.skip(member)
                }
            default: try reader.skip(field)
            }
        }
        guard let byteCount else { throw thrift.damaged("Bloom filter without a length") }
        guard known == [2, 3, 4] else {
            throw thrift.unsupported("Bloom filter that is not of split blocks, XXH64 and uncompressed")
        }
        return byteCount
    }
}
