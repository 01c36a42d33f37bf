import CSpillwayKernels
import SpillwayParquet
import SpillwayTestSupport
import Testing

@Suite struct ChecksumTests {
    @Test func checkValues() {
        let digits = Array("123456789".utf8)
        digits.withUnsafeBytes {
            #expect(crc32($0) == 0xcbf4_3926)
            #expect(crc32c($0) == 0xe306_9283)
        }
        // RFC 3720 B.4: 32 bytes of zeros, of ones, and counting up.
        [UInt8](repeating: 0, count: 32).withUnsafeBytes { #expect(crc32c($0) == 0x8a91_36aa) }
        [UInt8](repeating: 255, count: 32).withUnsafeBytes { #expect(crc32c($0) == 0x62a8_ab43) }
        [UInt8](0..<32).withUnsafeBytes { #expect(crc32c($0) == 0x46dd_794e) }
    }

    /// The folding kernel begins at 64 bytes and treats what is left of 64 and of 16 in ways of its own.
    @Test func everyLengthAndAlignmentAgreesWithTheTables() {
        var random = SplitMix64(seed: 1)
        let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes.withUnsafeBytes { bytes in
            for start in 0..<17 {
                for length in 0...300 {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
                    guard let address = part.baseAddress else { continue }
                    let seed = UInt32(truncatingIfNeeded: random.next())
                    let expected = spillway_crc32_portable(address, length, seed)
                    let expectedC = spillway_crc32c_portable(address, length, seed)
                    if crc32(part, seed: seed) != expected || crc32c(part, seed: seed) != expectedC {
                        Issue.record("\(length) bytes at \(start)")
                    }
                }
            }
        }
    }

    @Test func partsAddUp() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        bytes.withUnsafeBytes { bytes in
            let (head, tail) = (bytes[..<333], bytes[333...])
            #expect(crc32(.init(rebasing: tail), seed: crc32(.init(rebasing: head))) == crc32(bytes))
            #expect(crc32c(.init(rebasing: tail), seed: crc32c(.init(rebasing: head))) == crc32c(bytes))
        }
    }
}
