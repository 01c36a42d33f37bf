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
}
