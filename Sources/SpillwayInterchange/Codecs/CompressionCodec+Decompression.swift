internal import CSnappy
internal import CZlib
internal import CZstd
package import SpillwayParquet
package import SpillwayPlatform

extension CompressionCodec {
    /// Replaces `output` by the `byteCount` bytes that were compressed. No more memory is taken than that, whatever
    /// the bytes are.
    ///
    /// - Parameter offset: of the bytes in their file, for errors.
    /// - Throws: ``ParquetError/damaged(offset:problem:)`` if they are not exactly that many.
    /// - Complexity: O(`byteCount`)
    package func decompress(
        _ bytes: UnsafeRawBufferPointer, byteCount: Int, at offset: UInt64, into output: inout ByteBuffer
    ) throws(ParquetError) {
        output.removeAll()
        if byteCount == 0 { return }
        let isComplete =
            switch self {
            case .uncompressed: Self.copy(bytes, byteCount, &output)
            case .snappy: Self.decompressSnappy(bytes, byteCount, &output)
            case .gzip: Self.decompressGzip(bytes, byteCount, &output)
            case .zstd: Self.decompressZstd(bytes, byteCount, &output)
            case .lz4Raw: LZ4.decompress(bytes, byteCount: byteCount, into: &output)
            }
        guard isComplete else {
            throw .damaged(
                offset: offset, problem: "\(bytes.count) bytes are not \(byteCount) bytes in the codec \(self.name)")
        }
    }

    private var name: String { Self.name(ofCode: rawValue) }

    private static func copy(_ bytes: UnsafeRawBufferPointer, _ byteCount: Int, _ output: inout ByteBuffer) -> Bool {
        guard bytes.count == byteCount else { return false }
        output.append(bytes)
        return true
    }

    /// Compression.md, "SNAPPY": the raw format, without frames.
    private static func decompressSnappy(
        _ bytes: UnsafeRawBufferPointer, _ byteCount: Int, _ output: inout ByteBuffer
    ) -> Bool {
        let source = bytes.bindMemory(to: CChar.self).baseAddress
        var claimed = 0
        guard snappy_uncompressed_length(source, bytes.count, &claimed) == SNAPPY_OK, claimed == byteCount else {
            return false
        }
        return output.fill(byteCount) { room in
            var count = room.count
            let target = room.bindMemory(to: CChar.self).baseAddress
            return snappy_uncompress(source, bytes.count, target, &count) == SNAPPY_OK ? count : 0
        }
    }

    /// Compression.md, "ZSTD": RFC 8878 frames.
    private static func decompressZstd(
        _ bytes: UnsafeRawBufferPointer, _ byteCount: Int, _ output: inout ByteBuffer
    ) -> Bool {
        output.fill(byteCount) { room in
            let count = ZSTD_decompress(room.baseAddress, room.count, bytes.baseAddress, bytes.count)
            return ZSTD_isError(count) == 0 ? count : 0
        }
    }

    /// Compression.md, "GZIP": RFC 1952, maybe of several members; some writers leave a zlib header instead.
    private static func decompressGzip(
        _ bytes: UnsafeRawBufferPointer, _ byteCount: Int, _ output: inout ByteBuffer
    ) -> Bool {
        // zlib counts in 32 bits.
        guard bytes.count <= Int(UInt32.max), byteCount <= Int(UInt32.max) else { return false }
        var stream = z_stream()
        let eitherHeader = MAX_WBITS + 32
        guard
            inflateInit2_(&stream, eitherHeader, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return false }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: Bytef.self).baseAddress)
        stream.avail_in = UInt32(bytes.count)
        return output.fill(byteCount) { room in
            stream.next_out = room.bindMemory(to: Bytef.self).baseAddress
            stream.avail_out = UInt32(room.count)
            while inflate(&stream, Z_FINISH) == Z_STREAM_END {
                if stream.avail_in == 0 { return room.count - Int(stream.avail_out) }
                guard inflateReset(&stream) == Z_OK else { break }
            }
            return 0
        }
    }
}

extension ByteBuffer {
    /// Appends what `body` puts into `byteCount` bytes; nothing, and false, unless it says that it filled them.
    fileprivate mutating func fill(_ byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
        var isFull = false
        withRoom(byteCount) { room in
            isFull = body(room) == byteCount
            return isFull ? byteCount : 0
        }
        return isFull
    }
}
