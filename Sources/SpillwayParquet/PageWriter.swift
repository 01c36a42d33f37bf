import SpillwayPlatform

/// Writes pages: header, checksum, and the body, compressed or not.
struct PageWriter: ~Copyable {
    /// Of the chunk being written.
    var codec: Codec = .uncompressed
    private var compressed = ByteBuffer()
    private var header = ThriftWriter()

    enum Kind {
        case data(valueCount: Int, encoding: Encoding)
        case dictionary(entryCount: Int)
    }

    /// Picks the chunk's codec by its first page.
    mutating func chooseCodec(firstPage body: UnsafeRawBufferPointer) {
        codec = LZ4.isWorthwhile(body, scratch: &compressed) ? .lz4Raw : .uncompressed
    }

    /// Appends a page; returns its size before compression, header included.
    mutating func write(
        _ kind: Kind, _ body: UnsafeRawBufferPointer, into output: inout ByteBuffer
    ) -> Int {
        guard codec == .lz4Raw else {
            return append(kind, onDisk: body, uncompressedByteCount: body.count, into: &output)
        }
        compressed.removeAll()
        LZ4.compress(body, into: &compressed)
        writeHeader(
            kind, checksum: compressed.withUnsafeBytes { crc32($0) }, byteCount: compressed.count,
            uncompressedByteCount: body.count)
        output.append(header.bytes)
        compressed.withUnsafeBytes { output.append($0) }
        return header.bytes.count + body.count
    }

    private mutating func append(
        _ kind: Kind, onDisk bytes: UnsafeRawBufferPointer, uncompressedByteCount: Int,
        into output: inout ByteBuffer
    ) -> Int {
        writeHeader(
            kind, checksum: crc32(bytes), byteCount: bytes.count, uncompressedByteCount: uncompressedByteCount
        )
        output.append(header.bytes)
        output.append(bytes)
        return header.bytes.count + uncompressedByteCount
    }

    /// parquet.thrift `PageHeader`.
    private mutating func writeHeader(
        _ kind: Kind, checksum: UInt32, byteCount: Int, uncompressedByteCount: Int
    ) {
        header.removeAll()
        header.structure { header in
            let type: PageType =
                switch kind {
                case .data: .data
                case .dictionary: .dictionary
                }
            header.field(1, i32: type.rawValue)
            header.field(2, i32: Int32(uncompressedByteCount))
            header.field(3, i32: Int32(byteCount))
            header.field(4, i32: Int32(bitPattern: checksum))
            switch kind {
            case .data(let valueCount, let encoding):
                header.field(5) { data in
                    data.field(1, i32: Int32(valueCount))
                    data.field(2, i32: encoding.rawValue)
                    data.field(3, i32: Encoding.rle.rawValue)
                    data.field(4, i32: Encoding.rle.rawValue)
                }
            case .dictionary(let entryCount):
                header.field(7) { dictionary in
                    dictionary.field(1, i32: Int32(entryCount))
                    dictionary.field(2, i32: Encoding.plain.rawValue)
                    dictionary.field(3, bool: true)
                }
            }
        }
    }
}
