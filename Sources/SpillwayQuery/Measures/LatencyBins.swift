/// Ranges that latencies are counted in: each power of two from 2^`bits` µs on in 2^`bits` of one width, and one for each
/// microsecond below.
struct LatencyBins: Sendable {
    let bits: Int

    /// Those of ``QueryMeasure/latencyHistogram``.
    static let eighths = LatencyBins(bits: 3)

    /// As many as latencies of 31 bits take.
    var count: Int { (32 - bits) << bits }

    @inline(__always)
    func bin(of latencyUs: Int32) -> Int {
        let value = Int(latencyUs)
        if value < 1 &<< bits { return value }
        let octave = Int.bitWidth &- 1 &- value.leadingZeroBitCount
        return (octave &- bits &+ 1) &<< bits | (value &>> (octave &- bits) & (1 &<< bits &- 1))
    }

    func range(ofBin bin: Int) -> Range<Int> { start(ofBin: bin)..<start(ofBin: bin + 1) }

    private func start(ofBin bin: Int) -> Int {
        bin < 1 << bits ? bin : (1 << bits | bin & (1 << bits - 1)) << (bin >> bits - 1)
    }
}
