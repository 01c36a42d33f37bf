import CSpillwayKernels
import SpillwayPlatform

/// DELTA_BINARY_PACKED (Encodings.md, "Delta Encoding"): blocks of 128 deltas in 4 miniblocks, the shape that
/// every writer uses and every reader therefore knows.
enum DeltaEncoding {
    static let blockSize = 128
    static let miniblockSize = 32
    static let miniblockCount = blockSize / miniblockSize

    /// Appends one page's values, at least one.
    static func encode<Value: ColumnInteger>(
        _ values: UnsafeBufferPointer<Value>, into body: inout ByteBuffer
    ) {
        guard let start = values.baseAddress else { preconditionFailure("a page holds a value at least") }
        body.withRoom(maximumByteCount(values.count)) { room in
            var output = ByteCursor(room)
            output.put(varint: UInt64(blockSize))
            output.put(varint: UInt64(miniblockCount))
            output.put(varint: UInt64(values.count))
            output.put(varint: Int64(start[0]).zigzagEncoded)
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { scratch in
                guard let deltas = scratch.baseAddress else { return }
                for first in stride(from: 1, to: values.count, by: blockSize) {
                    var widths: UInt32 = 0
                    let least = Value.deltaBlock(
                        start + first, after: start[first - 1], count: min(blockSize, values.count - first),
                        deltas: deltas, widths: &widths)
                    output.put(varint: least.zigzagEncoded)
                    output.put(littleEndian: widths)
                    for miniblock in 0..<miniblockCount {
                        let width = widths &>> UInt32(8 * miniblock) & 255
                        spillway_pack32_u64(
                            deltas + miniblock * miniblockSize, width, output.next(4 * Int(width)))
                    }
                }
            }
            return output.count
        }
    }

    /// Whether the values take fewer bytes so than as PLAIN: exact up to 31 blocks, of
    /// which all are looked at, and judged by some spread over the values from there on.
    static func isSmallerThanPlain<Value: ColumnInteger>(_ values: UnsafeBufferPointer<Value>) -> Bool {
        guard let start = values.baseAddress, values.count > 1 else { return false }
        let blockCount = (values.count - 2) / blockSize + 1
        let step = max(1, blockCount / 16) * blockSize
        let header =
            3 + UInt64(values.count).varintByteCount + Int64(start[0]).zigzagEncoded.varintByteCount
        var (deltaBytes, plainBytes) = (header, MemoryLayout<Value>.size)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { scratch in
            guard let deltas = scratch.baseAddress else { return }
            for first in stride(from: 1, to: values.count, by: step) {
                var widths: UInt32 = 0
                let count = min(blockSize, values.count - first)
                let least = Value.deltaBlock(
                    start + first, after: start[first - 1], count: count, deltas: deltas, widths: &widths)
                let bits = (0..<4).reduce(0) { $0 + Int(widths >> (8 * $1) & 255) }
                deltaBytes += least.zigzagEncoded.varintByteCount + miniblockCount + 4 * bits
                plainBytes += count * MemoryLayout<Value>.size
            }
        }
        return deltaBytes < plainBytes
    }

    private static func maximumByteCount(_ count: Int) -> Int {
        40 + (count / blockSize + 1) * (10 + miniblockCount + 8 * blockSize)
    }
}
