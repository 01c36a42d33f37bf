import CSpillwayKernels

extension UnsafeBufferPointer<Int32> {
    /// Adds 1, for each value, to the counter of its digit: the `width` bits from bit `shift` on.
    ///
    /// - Parameters:
    ///   - prefixes: The values that count: those whose bits above the digit are one of these, no two alike. All if nil.
    ///   - counters: 2^`width` for each prefix.
    package func countDigits(
        of width: UInt32, shift: UInt32, prefixes: ArraySlice<UInt32>?,
        in counters: UnsafeMutableBufferPointer<Int>
    ) {
        let perPrefix = 1 << Int(width)
        precondition(width <= 24 && shift + width < 32 && counters.count == (prefixes?.count ?? 1) * perPrefix)
        guard let start = baseAddress, let target = counters.baseAddress else { return }
        target.withMemoryRebound(to: Int64.self, capacity: counters.count) { target in
            guard let prefixes else { return spillway_count_digits(start, count, shift, width, target) }
            // Four at a time, the last of which may repeat.
            for first in stride(from: prefixes.startIndex, to: prefixes.endIndex, by: 4) {
                let four = (0..<4).map { prefixes[Swift.min(first + $0, prefixes.endIndex - 1)] }
                let place = target + (first - prefixes.startIndex) * perPrefix
                spillway_count_prefixed_digits(start, count, shift, width, four, place)
            }
        }
    }

    /// Appends to `picked` the values from `first` to `last`, and adds to `below` how many are less.
    package func pick(_ first: Int32, _ last: Int32, into picked: inout [Int32], below: inout Int) {
        precondition(first <= last)
        let width = UInt32(bitPattern: last &- first)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Swift.min(count, Self.pickedAtOnce)) { room in
            guard let start = baseAddress, let target = room.baseAddress else { return }
            for row in stride(from: 0, to: count, by: Self.pickedAtOnce) {
                let length = Swift.min(Self.pickedAtOnce, count - row)
                let found = spillway_pick_in_range_i32(start + row, length, first, width, target, &below)
                picked.append(contentsOf: room[..<found])
            }
        }
    }

    /// Values whose room the first cache holds.
    private static var pickedAtOnce: Int { 4096 }
}
