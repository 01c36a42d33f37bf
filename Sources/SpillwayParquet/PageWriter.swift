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
    mutating func write(_ kind: Kind, _ body: UnsafeRawBufferPointer, into output: inout ByteBuffer) -> Int {
        if codec == .lz4Raw {
            compressed.removeAll()
            LZ4.compress(body, into: &compressed)
            compressed.withUnsafeBytes { bytes in
                header.replace(byHeaderOf: kind, bytes, uncompressedByteCount: body.count)
                output.append(header.bytes)
                output.append(bytes)
            }
        } else {
            header.replace(byHeaderOf: kind, body, uncompressedByteCount: body.count)
            output.append(header.bytes)
            output.append(body)
        }
        return header.bytes.count + body.count
    }
}

extension ThriftWriter {
    /// parquet.thrift `PageHeader`, for a body that is `bytes` on disk.
    mutating func replace(
        byHeaderOf kind: PageWriter.Kind, _ bytes: UnsafeRawBufferPointer, uncompressedByteCount: Int
    ) {
        removeAll()
        structure { header in
            let type: PageType =
                switch kind {
                case .data: .data
                case .dictionary: .dictionary
                }
            header.field(1, i32: type.rawValue)
            header.field(2, i32: Int32(uncompressedByteCount))
            header.field(3, i32: Int32(bytes.count))
            header.field(4, i32: Int32(bitPattern: crc32(bytes)))
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
