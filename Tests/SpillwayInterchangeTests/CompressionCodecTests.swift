import Testing

@testable import SpillwayInterchange

struct CompressionCodecTests {
    @Test func knowsWhatOthersWriteByDefault() {
        #expect(CompressionCodec.allCases.count == 5)
    }
}
