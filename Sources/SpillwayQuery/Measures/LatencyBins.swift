/// Ranges that latencies are counted in: each power of two from 8 µs on in eight of one width, and one for each
/// microsecond below.
enum LatencyBins {
    /// As many as latencies of 31 bits take.
    static let count = 29 * 8

    @inline(__always)
    static func bin(of latencyUs: Int32) -> Int {
        let value = Int(latencyUs)
        if value < 8 { return value }
        let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
        return (octave - 2) << 3 | (value >> (octave - 3) & 7)
    }

    static func range(ofBin bin: Int) -> Range<Int> { start(ofBin: bin)..<start(ofBin: bin + 1) }

    private static func start(ofBin bin: Int) -> Int {
        bin < 8 ? bin : (8 | bin & 7) << (bin >> 3 - 1)
    }
}
