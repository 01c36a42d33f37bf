/// Work that depends on the machine alone, to hold a stage's time against: random numbers, each counted in a table of
/// 8 MiB. So it slows down with the processor and with the memory, as the stages do.
struct Yardstick: ~Copyable {
    static let steps = 1 << 19

    private var counters = [UInt64](repeating: 0, count: 1 << 20)

    /// Nanoseconds that a step takes now.
    mutating func stepNs() -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        run()
        return (clock.now - start).nanoseconds / Double(Self.steps)
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    @inline(never)
    private mutating func run() {
        var counters = counters.mutableSpan
        let mask = UInt64(counters.count - 1)
        var state: UInt64 = 0
        for _ in 0..<Self.steps {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            counters[Int(truncatingIfNeeded: (z ^ (z >> 31)) & mask)] &+= 1
        }
    }
}

extension Duration {
    var nanoseconds: Double { Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9 }
}
