import CLZ4
import SpillwayParquet
import SpillwayPlatform

/// How fast one thread compresses, decompresses and checksums what fits its cache, as a page does.
struct CodecProbe {
    private static let pageBytes = 64 << 10
    private static let totalBytes = 256 << 20
    private static let rounds = totalBytes / pageBytes

    private let page: [UInt8]
    private let compressed: [UInt8]

    /// Codes of a dictionary as a segment has them: a few are frequent, and they come in runs.
    init() {
        var random = SplitMix64(seed: 3)
        var page: [UInt8] = []
        while page.count < Self.pageBytes {
            let draw = random.next()
            let code = UInt8(truncatingIfNeeded: draw & 7 == 0 ? draw >> 8 : draw >> 62)
            page += repeatElement(code, count: Int(draw >> 32 & 15) + 1)
        }
        self.page = Array(page.prefix(Self.pageBytes))
        compressed = Self.compressed(self.page)
    }

    /// Compressed size as a share of the page's.
    var ratio: Double { Double(compressed.count) / Double(page.count) }

    /// Of uncompressed bytes, as the next one is.
    func compressedBytesPerSecond() -> Double {
        var room = [CChar](repeating: 0, count: Int(LZ4_compressBound(Int32(Self.pageBytes))))
        return Self.rate {
            page.withUnsafeBytes { bytes in
                let source = bytes.bindMemory(to: CChar.self).baseAddress
                Sink.keep(LZ4_compress_default(source, &room, Int32(bytes.count), Int32(room.count)))
            }
        }
    }

    func decompressedBytesPerSecond() -> Double {
        var room = [CChar](repeating: 0, count: Self.pageBytes)
        return Self.rate {
            compressed.withUnsafeBytes { bytes in
                let source = bytes.bindMemory(to: CChar.self).baseAddress
                Sink.keep(LZ4_decompress_safe(source, &room, Int32(bytes.count), Int32(room.count)))
            }
        }
    }

    func checksummedBytesPerSecond() -> Double {
        Self.rate { page.withUnsafeBytes { Sink.keep(crc32c($0)) } }
    }

    private static func rate(_ body: () -> Void) -> Double {
        Double(totalBytes) / Stopwatch.seconds { for _ in 0..<rounds { body() } }
    }

    private static func compressed(_ page: [UInt8]) -> [UInt8] {
        let bound = Int(LZ4_compressBound(Int32(page.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            let target = UnsafeMutableRawBufferPointer(room).bindMemory(to: CChar.self).baseAddress
            page.withUnsafeBytes { bytes in
                let source = bytes.bindMemory(to: CChar.self).baseAddress
                count = Int(LZ4_compress_default(source, target, Int32(bytes.count), Int32(bound)))
            }
        }
    }
}
