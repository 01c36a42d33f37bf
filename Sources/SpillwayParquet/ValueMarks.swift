import CSpillwayKernels

/// A few values that are sought among many: marks in a small table tell most of the others apart at a glance.
package struct ValueMarks: Sendable {
    private var bits = [UInt64](repeating: 0, count: 1 << 10)
    /// 2⁶⁴ divided by the golden ratio: spreads neighbours.
    private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

    package init(_ values: some Sequence<Int64>) {
        for value in values {
            let hash = (UInt64(bitPattern: value) &* Self.factor) >> 48
            bits[Int(hash / 64)] |= 1 << (hash % 64)
        }
    }

    /// The positions of all values that are sought, and of few others; ascending.
    ///
    /// - Parameter positions: room for as many as there are values.
    /// - Returns: how many there are.
    package func find(in values: UnsafeBufferPointer<Int64>, _ positions: inout [UInt32]) -> Int {
        guard let start = values.baseAddress else { return 0 }
        precondition(values.count <= Int(UInt32.max))
        positions.grow(to: values.count)
        return positions.withUnsafeMutableBufferPointer { positions in
            guard let room = positions.baseAddress else { return 0 }
            return spillway_find_marked_i64(start, values.count, Self.factor, bits, room)
        }
    }
}

extension UnsafeBufferPointer<Int64> {
    /// The first position of one value; nil if it is not there. Faster than ``ValueMarks`` for a handful.
    package func position(of value: Int64) -> Int? {
        guard let start = baseAddress else { return nil }
        let position = spillway_find_range_i64(start, start, 0, count, value)
        return position < count ? position : nil
    }
}
