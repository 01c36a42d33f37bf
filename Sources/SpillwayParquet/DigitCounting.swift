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
}
