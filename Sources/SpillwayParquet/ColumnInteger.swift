import CSpillwayKernels

/// An integer that a column can hold, with the kernels for its width.
package protocol ColumnInteger: FixedWidthInteger, SignedInteger, BitwiseCopyable {
    static var physicalType: PhysicalType { get }

    /// As `spillway_delta_block_i64`; `count` is 1 to 128.
    static func deltaBlock(
        _ values: UnsafePointer<Self>, after previous: Self, count: Int,
        deltas: UnsafeMutablePointer<UInt64>, widths: inout UInt32
    ) -> Int64

    /// Least and greatest of at least one value.
    static func bounds(of values: UnsafePointer<Self>, count: Int) -> (min: Self, max: Self)

    /// As `spillway_count_in_range_i64`.
    static func count(_ values: UnsafeBufferPointer<Self>, from first: Int64, width: UInt64) -> Int

    /// As `spillway_delta_blocks_i64`.
    static func decodeDeltaBlocks(
        _ bytes: UnsafeRawBufferPointer, used: inout Int, into values: UnsafeMutableBufferPointer<Self>,
        last: inout UInt64
    ) -> Int
}

extension Int64: ColumnInteger {
    package static var physicalType: PhysicalType { .int64 }

    @inline(__always)
    package static func deltaBlock(
        _ values: UnsafePointer<Int64>, after previous: Int64, count: Int,
        deltas: UnsafeMutablePointer<UInt64>, widths: inout UInt32
    ) -> Int64 {
        spillway_delta_block_i64(values, previous, count, deltas, &widths)
    }

    package static func bounds(of values: UnsafePointer<Int64>, count: Int) -> (min: Int64, max: Int64) {
        var (min, max): (Int64, Int64) = (0, 0)
        spillway_min_max_i64(values, count, &min, &max)
        return (min, max)
    }

    package static func count(_ values: UnsafeBufferPointer<Int64>, from first: Int64, width: UInt64) -> Int {
        guard let start = values.baseAddress else { return 0 }
        return spillway_count_in_range_i64(start, values.count, first, width)
    }

    package static func decodeDeltaBlocks(
        _ bytes: UnsafeRawBufferPointer, used: inout Int, into values: UnsafeMutableBufferPointer<Int64>,
        last: inout UInt64
    ) -> Int {
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, let room = values.baseAddress else { return 0 }
        return spillway_delta_blocks_i64(start, bytes.count, &used, room, values.count, &last)
    }
}

extension Int32: ColumnInteger {
    package static var physicalType: PhysicalType { .int32 }

    @inline(__always)
    package static func deltaBlock(
        _ values: UnsafePointer<Int32>, after previous: Int32, count: Int,
        deltas: UnsafeMutablePointer<UInt64>, widths: inout UInt32
    ) -> Int64 {
        spillway_delta_block_i32(values, previous, count, deltas, &widths)
    }

    package static func bounds(of values: UnsafePointer<Int32>, count: Int) -> (min: Int32, max: Int32) {
        var (min, max): (Int32, Int32) = (0, 0)
        spillway_min_max_i32(values, count, &min, &max)
        return (min, max)
    }

    package static func count(_ values: UnsafeBufferPointer<Int32>, from first: Int64, width: UInt64) -> Int {
        guard let start = values.baseAddress else { return 0 }
        return spillway_count_in_range_i32(start, values.count, first, width)
    }

    package static func decodeDeltaBlocks(
        _ bytes: UnsafeRawBufferPointer, used: inout Int, into values: UnsafeMutableBufferPointer<Int32>,
        last: inout UInt64
    ) -> Int {
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, let room = values.baseAddress else { return 0 }
        return spillway_delta_blocks_i32(start, bytes.count, &used, room, values.count, &last)
    }
}
