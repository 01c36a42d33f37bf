package import Histogram

/// HdrHistogram's own forms of a histogram, as its implementations in all languages read them: V2, and V2 compressed.
/// All fields are big-endian (HdrHistogram, `AbstractHistogram.encodeIntoCompressedByteBuffer`).
extension Histogram where Count == UInt64 {
    private static var cookie: UInt32 { 0x1c84_9303 | 0x10 }
    private static var compressedCookie: UInt32 { 0x1c84_9304 | 0x10 }

    /// Cookie, length, then V2 in zlib's format (RFC 1950).
    package func encodedCompressedV2() -> [UInt8] {
        let deflated = Zlib.deflate(encodedV2())
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Self.compressedCookie)
        bytes.append(bigEndian: UInt32(deflated.count))
        return bytes + deflated
    }

    /// A header, then the counts of all values up to the greatest recorded one.
    package func encodedV2() -> [UInt8] {
        let payload = encodedCounts()
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Self.cookie)
        bytes.append(bigEndian: UInt32(payload.count))
        bytes.append(bigEndian: UInt32(0))  // normalizing index offset
        bytes.append(bigEndian: UInt32(numberOfSignificantValueDigits.rawValue))
        bytes.append(bigEndian: lowestDiscernibleValue)
        bytes.append(bigEndian: highestTrackableValue)
        bytes.append(bigEndian: 1.0.bitPattern)  // conversion ratio of integers to doubles
        return bytes + payload
    }

    /// Each count as ZigZag LEB128; a run of n > 1 zeros as −n.
    private func encodedCounts() -> [UInt8] {
        var bytes: [UInt8] = []
        var nextIndex = 0
        for recorded in recordedValues() {
            let index = self.index(of: recorded.value)
            let zeros = index - nextIndex
            if zeros > 0 { bytes.append(zigZag: zeros == 1 ? 0 : -Int64(zeros)) }
            bytes.append(zigZag: Int64(clamping: recorded.count))
            nextIndex = index + 1
        }
        return bytes
    }

    /// A value's place among the counts: the first bucket has twice as many linear steps as the smallest power of two
    /// that the digits need, each further one half of them, of double the width. Unit 1.
    private func index(of value: UInt64) -> Int {
        let largestOfUnitSteps = (0..<numberOfSignificantValueDigits.rawValue).reduce(UInt64(2)) { n, _ in n * 10 }
        let subBucketBits = UInt64.bitWidth - (largestOfUnitSteps - 1).leadingZeroBitCount
        let bucket = Swift.max(0, UInt64.bitWidth - value.leadingZeroBitCount - subBucketBits)
        return bucket << (subBucketBits - 1) + Int(value >> UInt64(bucket))
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        append(contentsOf: Swift.withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) })
    }

    /// ZigZag, then LEB128 of at most nine bytes: the ninth has eight bits of value and no flag.
    package mutating func append(zigZag value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 0..<8 where rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
