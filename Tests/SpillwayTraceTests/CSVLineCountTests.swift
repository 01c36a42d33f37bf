import Testing

@testable import SpillwayTrace

@Suite struct CSVLineCountTests {
    @Test(arguments: [0, 1, 31, 32, 33, 8160, 8192, 20_000]) func everyLineCounts(byteCount: Int) {
        for step in [1, 2, 7, 33] {
            let bytes = (0..<byteCount).map { $0 % step == 0 ? UInt8.lineFeed : UInt8(ascii: "x") }
            #expect(bytes.withUnsafeBytes { $0.lineCount } == (byteCount + step - 1) / step)
        }
    }
}
