import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayInterchange

@Suite struct GzipFileTests {
    private let directory = TemporaryDirectory()

    private func file(_ bytes: [UInt8], spacing: UInt64 = 40_000, maximumPoints: Int = 8) throws -> GzipFile {
        let path = try directory.file("t.gz", bytes)
        return GzipFile(try PosixSystem().open(path, .read), spacing: spacing, maximumPoints: maximumPoints)
    }

    /// Text that compresses, but not to nothing.
    private static func text(byteCount: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var text: [UInt8] = []
        while text.count < byteCount { text += "\(random.next() % 100_000),".utf8 }
        return Array(text.prefix(byteCount))
    }

    @Test(arguments: [0, 1, 6, 9] as [Int32]) func partsAreReadInAnyOrder(level: Int32) throws {
        let text = Self.text(byteCount: 1_000_000)
        let file = try file(gzip([text], level: level))
        #expect(try file.bytes(0..<1_000_000) == text)
        var random = SplitMix64(seed: 7)
        for _ in 0..<60 {
            let start = Int(random.next() % 1_000_000)
            let end = min(1_000_000, start + Int(random.next() % 100_000))
            #expect(try file.bytes(start..<end) == Array(text[start..<end]))
        }
    }

    @Test func readsNeedNotBeginAtTheBeginning() throws {
        let text = Self.text(byteCount: 500_000)
        let file = try file(gzip([text]))
        #expect(try file.bytes(400_000..<400_100) == Array(text[400_000..<400_100]))
        #expect(try file.bytes(10..<20) == Array(text[10..<20]))
        #expect(try file.bytes(499_990..<500_100) == Array(text[499_990...]))
        #expect(try file.bytes(600_000..<600_100) == [])
    }

    @Test func membersFollowEachOther() throws {
        let members = [1, 0, 200_000, 3, 0, 300_000].map { Self.text(byteCount: $0, seed: UInt64($0)) }
        let text = Array(members.joined())
        let file = try file(gzip(members))
        #expect(try file.bytes(0..<text.count + 1) == text)
        for start in stride(from: text.count - 7, to: 0, by: -33_333) {
            let end = min(text.count, start + 50_000)
            #expect(try file.bytes(start..<end) == Array(text[start..<end]))
        }
    }

    @Test func threadsReadAtOnce() throws {
        let text = Self.text(byteCount: 800_000)
        let file = try file(gzip([text]), maximumPoints: 4)
        let wrong = Monitor(0)
        try concurrentPerform(64, threads: 4) { index in
            let start = index * 7919 % 64 * 12_500
            let isRight = try file.bytes(start..<start + 12_500) == Array(text[start..<start + 12_500])
            if !isRight { wrong.withLock { $0 += 1 } }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test func pointsThinOutAsTheFileGrows() {
        var points = GzipPoints(maximumCount: 8, spacing: 10)
        for position in stride(from: 0, to: 10_000, by: 5) as StrideTo<UInt64> {
            points.append(GzipPoint(position: position, offset: position, bits: 0, window: []))
        }
        // Eight would be halved at once; doubled often enough, the spacing is 2560.
        #expect(points.next > 10_000 && points.next < 20_000)
        #expect(points.last(before: 1) == nil)
        for position in [5000, 7777, 9999] as [UInt64] {
            let found = points.last(before: position)?.position ?? 0
            #expect(found <= position && found + 2560 >= position)
        }
    }

    @Test func everyCutIsAnError() throws {
        let whole = gzip([Self.text(byteCount: 800), Self.text(byteCount: 200)])
        for length in 3..<whole.count {
            // Between the members there is nothing that says that another was there.
            let isMemberEnd = try? file(Array(whole[..<length])).bytes(0..<2000).count == 800
            if isMemberEnd == true { continue }
            #expect(throws: GzipError.self) { try file(Array(whole[..<length])).bytes(0..<2000) }
        }
    }

    @Test func flippedBitsAreFound() throws {
        let text = Self.text(byteCount: 800)
        let whole = gzip([text])
        // Nothing covers the header's time and system, and the bits that fill the last byte before the trailer.
        for index in 10..<whole.count where index != whole.count - 9 {
            var damaged = whole
            damaged[index] ^= 1 << UInt8(index % 8)
            #expect(throws: GzipError.self, "byte \(index)") { try file(damaged).bytes(0..<2000) }
        }
    }

    @Test(arguments: [[0], Array("more".utf8), [0x1f], [0x1f, 0x8b, 8, 0xff]])
    func whatFollowsTheLastMemberIsAnError(garbage: [UInt8]) throws {
        let file = try file(gzip([Self.text(byteCount: 100)]) + garbage)
        #expect(throws: GzipError.self) { try file.bytes(0..<200) }
    }
}

extension GzipFile {
    /// Fewer only at the end.
    fileprivate func bytes(_ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: UInt64(range.lowerBound)) }
        return Array(bytes[..<count])
    }
}
