import SpillwayPlatform
import Testing

@testable import SpillwayParquet

/// The examples of Encodings.md.
@Suite struct EncodingTests {
    @Test func deltaExample() {
        let expected: [UInt8] =
            // Block of 128, 4 miniblocks, 8 values, the first is 7.
            [0x80, 1, 4, 8, 14]
            // Least delta −2; one miniblock of 2 bits: 0, 0, 0, 3, 3, 3, 3 and padding.
            + [3, 2, 0, 0, 0] + [0xc0, 0x3f, 0, 0, 0, 0, 0, 0]
        #expect(encoded([7, 5, 3, 1, 2, 3, 4, 5] as [Int64]) == expected)
        #expect(encoded([7, 5, 3, 1, 2, 3, 4, 5] as [Int32]) == expected)
    }

    /// INT32 deltas wrap at 32 bits: from the greatest to the least is one up.
    @Test func narrowDeltasWrap() {
        #expect(encoded([Int32.max, .min]) == [0x80, 1, 4, 2, 0xfe, 0xff, 0xff, 0xff, 0x0f, 2, 0, 0, 0, 0])
    }

    @Test func bitPackingExample() {
        // Width 3, one group of 8 bit-packed.
        #expect(encoded([0, 1, 2, 3, 4, 5, 6, 7], width: 3) == [3, 3, 0x88, 0xc6, 0xfa])
    }

    @Test func runs() {
        // 100 of code 1, 40 of code 300, in a width of two bytes.
        let codes = [UInt16](repeating: 1, count: 100) + [UInt16](repeating: 300, count: 40)
        #expect(encoded(codes, width: 9) == [9, 0xc8, 1, 1, 0, 80, 0x2c, 1])
    }

    /// A run that begins within a group of 8 is a run from the next group on.
    @Test func runAfterBitPacking() {
        let codes: [UInt16] = [1, 0, 1] + [UInt16](repeating: 1, count: 77)
        #expect(encoded(codes, width: 1) == [1, 3, 0xfd, 144, 1, 1])
    }

    @Test(arguments: [1, 2, 3, 10, 33, 129, 1000])
    func choosesTheSmallerEncoding(_ count: Int) {
        for step in [Int64(0), 3, 1 << 20, 1 << 40, 1 << 61] {
            let values = (0..<count).map { 1_633_363_200_000_000 &+ Int64($0 * $0) &* step }
            let chosen = values.withUnsafeBufferPointer { DeltaEncoding.isSmallerThanPlain($0) }
            #expect(chosen == (encoded(values).count < 8 * count), "step \(step)")
        }
    }

    private func encoded<Value: ColumnInteger>(_ values: [Value]) -> [UInt8] {
        var body = ByteBuffer()
        values.withUnsafeBufferPointer { DeltaEncoding.encode($0, into: &body) }
        return body.withUnsafeBytes { Array($0) }
    }

    private func encoded(_ codes: [UInt16], width: Int) -> [UInt8] {
        var body = ByteBuffer()
        codes.withUnsafeBufferPointer { HybridEncoding.encode($0, width: width, into: &body) }
        return body.withUnsafeBytes { Array($0) }
    }
}
