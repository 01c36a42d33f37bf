import CZlib

/// What zlib's own decoder makes of compressed bytes; nil if they are not `count` bytes.
struct Inflated {
    let bytes: [UInt8]

    init?(_ compressed: [UInt8], count: Int) {
        var bytes = [UInt8](repeating: 0, count: count + 1)
        var length = uLongf(bytes.count)
        guard uncompress(&bytes, &length, compressed, uLong(compressed.count)) == Z_OK, Int(length) == count else {
            return nil
        }
        self.bytes = Array(bytes.prefix(count))
    }
}
