import CLZ4
import SpillwayPlatform

/// LZ4_RAW (Compression.md): bare blocks, one a page.
package enum LZ4 {
    /// Whether compressing a chunk that begins with `page` pays: the first 16 KiB shrink by 3 %. Bit-packed
    /// data seldom does, so that asking must be cheap.
    static func isWorthwhile(_ page: UnsafeRawBufferPointer, scratch: inout ByteBuffer) -> Bool {
        let sample = UnsafeRawBufferPointer(rebasing: page[..<min(page.count, 16 << 10)])
        guard sample.count >= 128 else { return false }
        scratch.removeAll()
        compress(sample, into: &scratch)
        return scratch.count < sample.count - sample.count / 32
    }

    /// Appends the compressed bytes.
    package static func compress(_ bytes: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
        precondition(bytes.count <= LZ4_MAX_INPUT_SIZE)
        output.withRoom(Int(LZ4_compressBound(Int32(bytes.count)))) { room in
            let source = bytes.bindMemory(to: CChar.self).baseAddress
            let target = room.bindMemory(to: CChar.self).baseAddress
            let count = LZ4_compress_default(source, target, Int32(bytes.count), Int32(room.count))
            precondition(count > 0, "room is LZ4_compressBound")
            return Int(count)
        }
    }

    /// Appends the `byteCount` bytes that were compressed; false, with nothing appended, if they cannot be had.
    package static func decompress(
        _ bytes: UnsafeRawBufferPointer, byteCount: Int, into output: inout ByteBuffer
    ) -> Bool {
        // No input byte stands for more than 255 bytes of output: a damaged size cannot make us allocate more.
        guard bytes.count <= Int32.max, byteCount <= Int32.max, byteCount / 255 <= bytes.count else {
            return false
        }
        var isComplete = false
        output.withRoom(byteCount) { room in
            let source = bytes.bindMemory(to: CChar.self).baseAddress
            let target = room.bindMemory(to: CChar.self).baseAddress
            let count = LZ4_decompress_safe(source, target, Int32(bytes.count), Int32(byteCount))
            isComplete = Int(count) == byteCount
            return isComplete ? byteCount : 0
        }
        return isComplete
    }
}
