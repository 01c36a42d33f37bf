import SpillwayPlatform

/// Writes pages: header, checksum, and the body, compressed or not.
struct PageWriter: ~Copyable {
    /// Of the data page being encoded.
    var body = ByteBuffer()
    private var dictionary = ByteBuffer()
    private var compressed = ByteBuffer()
    private var header = ThriftWriter()

    enum Kind {
        case data(valueCount: Int, encoding: Encoding)
        case dictionary(entryCount: Int)
    }

    /// The codec for a chunk whose first data page the body is of.
    mutating func codecOfBody() -> Codec {
        body.withUnsafeBytes { LZ4.isWorthwhile($0, scratch: &compressed) ? .lz4Raw : .uncompressed }
    }

    /// Appends a page with the body; returns its size before compression, header included.
    mutating func write(_ kind: Kind, _ codec: Codec, into output: inout ByteBuffer) -> Int {
        body.withUnsafeBytes { Self.write(kind, codec, $0, &compressed, &header, into: &output) }
    }

    /// Appends a dictionary page; returns its size before compression, header included.
    mutating func write(dictionary entries: [[UInt8]], _ codec: Codec, into output: inout ByteBuffer) -> Int {
        dictionary.removeAll()
        for entry in entries {
            dictionary.append(littleEndian: UInt32(entry.count))
            dictionary.append(entry)
        }
        return dictionary.withUnsafeBytes {
            Self.write(.dictionary(entryCount: entries.count), codec, $0, &compressed, &header, into: &output)
        }
    }

    private static func write(
        _ kind: Kind, _ codec: Codec, _ body: UnsafeRawBufferPointer, _ compressed: inout ByteBuffer,
        _ header: inout ThriftWriter, into output: inout ByteBuffer
    ) -> Int {
        if codec == .uncompressed {
            header.replace(byHeaderOf: kind, body, uncompressedByteCount: body.count)
            output.append(header.bytes)
            output.append(body)
        } else {
            compressed.removeAll()
            LZ4.compress(body, into: &compressed)
            compressed.withUnsafeBytes { bytes in
                header.replace(byHeaderOf: kind, bytes, uncompressedByteCount: body.count)
                output.append(header.bytes)
                output.append(bytes)
            }
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
