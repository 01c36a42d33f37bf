import CZlib

/// Compressed bytes in zlib's format (RFC 1950).
enum Zlib {
    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        let bound = Int(compressBound(uLong(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var length = uLongf(bound)
            let status = compress2(
                buffer.baseAddress, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
            precondition(status == Z_OK, "zlib has no memory for \(bytes.count) bytes")
            count = Int(length)
        }
    }
}
