import Foundation
import Histogram
import Testing

@testable import SpillwayBench
@testable import SpillwayLatency

/// Against bytes that other implementations of HdrHistogram made.
struct HistogramEncodingTests {
    /// What Python's `hdrh` 0.10.8 makes of these values, inflated: counts on both sides of the change from unit steps to
    /// steps of two, a lone zero, long runs of zeros, the last trackable value.
    private static let known = (
        values: [
            (0, 1), (1, 2), (1000, 3), (2047, 1), (2048, 5), (2049, 1), (123_456, 7), (3_599_999_999_999, 1),
            (5_000_000, 1_000_000),
        ] as [(UInt64, UInt64)],
        bytes: """
        1c84931300000015000000000000000300000000000000010000034630b8a0003ff0000000000000\
        0204cb0f06ab10020c8f5e0ef35480897a8db70202
        """
    )

    private func histogram(_ values: [(UInt64, UInt64)]) -> Histogram<UInt64> {
        var histogram = Histogram<UInt64>(
            highestTrackableValue: 3_600_000_000_000, numberOfSignificantValueDigits: .three)
        for (value, count) in values { histogram.record(value, count: count) }
        return histogram
    }

    @Test func bytesAreThoseOfOtherImplementations() {
        let encoded = histogram(Self.known.values).encodedV2()
        #expect(encoded.map { String(format: "%02x", $0) }.joined() == Self.known.bytes)
    }

    @Test func aLoneZeroIsACountAndNoRun() {
        // 0 and 2, none of 1: ZigZag of 1, 0, 1.
        #expect(histogram([(0, 1), (2, 1)]).encodedV2().suffix(3) == [2, 0, 2])
    }

    @Test func nothingRecordedIsAHeader() {
        #expect(histogram([]).encodedV2().count == 40)
    }

    @Test func compressedFormBeginsAsLogsDo() throws {
        let encoded = histogram(Self.known.values).encodedCompressedV2()
        #expect(Data(encoded).base64EncodedString().hasPrefix("HISTFAAAA"))
        #expect(Array(encoded[..<4]) == [0x1c, 0x84, 0x93, 0x14])
        #expect(Int(encoded[7]) == encoded.count - 8)
        let inflated = try #require(Inflated(Array(encoded[8...]), count: 61))
        #expect(inflated.bytes == histogram(Self.known.values).encodedV2())
    }

    @Test(
        arguments: [
            (0, [0]), (1, [2]), (-1, [1]), (63, [0x7e]), (64, [0x80, 1]), (-64, [0x7f]), (-65, [0x81, 1]),
            (Int64.max, [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            (Int64.min, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ] as [(Int64, [UInt8])])
    func zigZag(value: Int64, bytes: [UInt8]) {
        var encoded: [UInt8] = []
        encoded.append(zigZag: value)
        #expect(encoded == bytes)
    }
}
