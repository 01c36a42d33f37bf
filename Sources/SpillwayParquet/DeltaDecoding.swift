import CSpillwayKernels

/// DELTA_BINARY_PACKED (Encodings.md, "Delta Encoding"), with any block shape that the specification allows.
package enum DeltaDecoding {
    /// The widths of one block, and how many values follow from each.
    private struct Shape {
        var miniblockCount: Int
        var miniblockSize: Int

        /// What every writer chooses, and kernels know.
        var isUsual: Bool {
            miniblockCount == DeltaEncoding.miniblockCount && miniblockSize == DeltaEncoding.miniblockSize
        }
    }

    /// Decodes the first values of a page that holds exactly `count`; without the last ones, what follows is not looked
    /// at.
    static func decode<Value: ColumnInteger>(
        _ reader: inout ByteReader, into values: UnsafeMutableBufferPointer<Value>, of count: Int
    ) throws(ParquetError) {
        try decodePrefix(&reader, integers: values, of: count)
        guard values.count < count || reader.remaining == 0 else { throw reader.damaged("bytes after the last delta") }
    }

    /// Decodes `values.count` values that other bytes may follow.
    package static func decodePrefix(
        _ reader: inout ByteReader, into values: UnsafeMutableBufferPointer<Int64>
    ) throws(ParquetError) {
        try decodePrefix(&reader, integers: values, of: values.count)
    }

    /// The same of values that wrap at 32 bits.
    package static func decodePrefix(
        _ reader: inout ByteReader, into values: UnsafeMutableBufferPointer<Int32>
    ) throws(ParquetError) {
        try decodePrefix(&reader, integers: values, of: values.count)
    }

    @inline(__always)
    private static func decodePrefix<Value: ColumnInteger>(
        _ reader: inout ByteReader, integers values: UnsafeMutableBufferPointer<Value>, of count: Int
    ) throws(ParquetError) {
        let shape = try shape(&reader)
        guard try reader.length() == count else {
            throw reader.damaged("delta encoding does not hold the page's \(count) values")
        }
        var last = UInt64(bitPattern: Int64(zigzag: try reader.varint()))
        if values.isEmpty { return }
        values[0] = Value(truncatingIfNeeded: last)
        var row = 1
        if shape.isUsual { row += try decodeWholeBlocks(&reader, into: values[1...], last: &last) }
        while row < values.count {
            let least = UInt64(bitPattern: Int64(zigzag: try reader.varint()))
            let widths = try reader.bytes(shape.miniblockCount)
            // The last block may leave miniblocks unused: their widths mean nothing.
            for width in widths where row < values.count {
                guard width <= 64 else { throw reader.damaged("delta of \(width) bits") }
                let packed = try reader.bytes(shape.miniblockSize / 8 * Int(width))
                let end = min(row + shape.miniblockSize, values.count)
                unpack(
                    packed, width: width, into: UnsafeMutableBufferPointer(rebasing: values[row..<end]),
                    least: least, last: &last)
                row = end
            }
        }
    }

    /// Decodes as many blocks as a kernel can; returns how many values they hold. It leaves the last ones, and what is
    /// damaged.
    @inline(__always)
    private static func decodeWholeBlocks<Value: ColumnInteger>(
        _ reader: inout ByteReader, into values: Slice<UnsafeMutableBufferPointer<Value>>, last: inout UInt64
    ) throws(ParquetError) -> Int {
        var used = 0
        let count = Value.decodeDeltaBlocks(
            reader.rest, used: &used, into: UnsafeMutableBufferPointer(rebasing: values), last: &last)
        _ = try reader.bytes(used)
        return count
    }

    private static func shape(_ reader: inout ByteReader) throws(ParquetError) -> Shape {
        let blockSize = try reader.length()
        let miniblockCount = try reader.length()
        guard blockSize > 0, blockSize % 128 == 0, miniblockCount > 0, blockSize % miniblockCount == 0,
            blockSize / miniblockCount % 32 == 0
        else { throw reader.damaged("delta blocks of \(blockSize) in \(miniblockCount) miniblocks") }
        return Shape(miniblockCount: miniblockCount, miniblockSize: blockSize / miniblockCount)
    }

    /// Sums up a miniblock, 32 deltas at a time; its last ones may be padding. `packed` has 4 · `width` bytes
    /// for each 32.
    @inline(__always)
    private static func unpack<Value: ColumnInteger>(
        _ packed: UnsafeRawBufferPointer, width: UInt8, into values: UnsafeMutableBufferPointer<Value>,
        least: UInt64, last: inout UInt64
    ) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 32) { deltas in
            guard let start = deltas.baseAddress else { return }
            var value = last
            for first in stride(from: 0, to: values.count, by: 32) {
                if let source = packed.baseAddress {
                    let words = (source + first / 8 * Int(width)).assumingMemoryBound(to: UInt8.self)
                    spillway_unpack32_u64(words, UInt32(width), start)
                } else {
                    deltas.initialize(repeating: 0)
                }
                for index in 0..<min(32, values.count - first) {
                    value = value &+ least &+ start[index]
                    values[first + index] = Value(truncatingIfNeeded: value)
                }
            }
            last = value
        }
    }
}
