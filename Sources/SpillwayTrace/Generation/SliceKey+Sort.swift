extension SliceKey {
    private static let digitBits: UInt64 = 9
    private static let digitCount = 1 << 9

    /// Sorts the first `count` keys by their 27 highest bits, which is by arrival; equal ones keep their order.
    ///
    /// A radix sort, lowest digit first, in three passes of 9 bits: few enough for the counters to stay in the
    /// first-level cache.
    static func sort(_ keys: inout [UInt64], count: Int, room: inout [UInt64]) {
        room.resize(to: max(room.count, keys.count), filler: 0)
        for shift in stride(from: 64 - 3 * digitBits, to: 64, by: Int(digitBits)) {
            var next = InlineArray<512, Int>(repeating: 0)
            pass(keys.span, room.mutableSpan, count, shift, &next)
            swap(&keys, &room)
        }
    }

    @inline(__always)
    private static func pass(
        _ source: Span<UInt64>, _ target: consuming MutableSpan<UInt64>, _ count: Int, _ shift: UInt64,
        _ next: inout InlineArray<512, Int>
    ) {
        for index in 0..<count { next[Int(source[index] >> shift & 511)] += 1 }
        var sum = 0
        for digit in 0..<digitCount {
            let length = next[digit]
            next[digit] = sum
            sum += length
        }
        for index in 0..<count {
            let key = source[index]
            let digit = Int(key >> shift & 511)
            target[next[digit]] = key
            next[digit] += 1
        }
    }
}
