import CSpillwayKernels

/// CRC-32 (ISO-HDLC, as zlib has it) of bytes that follow bytes whose CRC-32 is `seed`.
package func crc32(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return seed }
    return spillway_crc32(start, bytes.count, seed)
}

/// CRC-32C (Castagnoli) of bytes that follow bytes whose CRC-32C is `seed`.
package func crc32c(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return seed }
    return spillway_crc32c(start, bytes.count, seed)
}
