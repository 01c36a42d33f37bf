import SpillwayParquet

/// A hash of bytes that come in pieces: both CRCs of Parquet side by side, which differ in their polynomials, so
/// that 64 bits count, and the number of bytes.
struct RecordingFingerprint {
    private var crc: UInt32 = 0
    private var crcC: UInt32 = 0

    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        crc = crc32(bytes, seed: crc)
        crcC = crc32c(bytes, seed: crcC)
    }

    /// - Parameter fileSize: Of the whole file, of which the bytes may be a part.
    func value(fileSize: UInt64) -> UInt64 {
        mix(UInt64(crc) << 32 | UInt64(crcC)) ^ mix(fileSize)
    }
}
