import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Checksums of pages of 64 KiB.
final class Checksumming: StageWork {
    enum Kind { case crc32, crc32c }

    private let kind: Kind
    private let page = Page.compressible()
    private(set) var checksum: UInt32 = 0

    init(_ kind: Kind) { self.kind = kind }

    private static let pages = 16
    var unitCount: Int { Self.pages * page.count / 1024 }

    func run() {
        page.withUnsafeBytes { bytes in
            for _ in 0..<Self.pages {
                checksum = kind == .crc32 ? crc32(bytes, seed: checksum) : crc32c(bytes, seed: checksum)
            }
        }
    }
}

/// Compressing a page of 64 KiB that is worth it.
final class PageCompressing: StageWork {
    private let page = Page.compressible()
    private var output = ByteBuffer()

    private static let pages = 16
    var unitCount: Int { Self.pages * page.count / 1024 }

    func run() throws {
        for _ in 0..<Self.pages {
            output.removeAll()
            page.withUnsafeBytes { LZ4.compress($0, into: &output) }
        }
        guard output.count < page.count else { throw StageError(description: "LZ4 did not shrink the page") }
    }
}

private enum Page {
    /// 64 KiB of latencies, whose high bytes say little.
    static func compressible() -> [UInt8] {
        SurgeBatch.make(rows: 16_384, .e164).latencyUs.flatMap { latencyUs in
            (0..<4).map { UInt8(truncatingIfNeeded: (latencyUs / 10_000) >> (8 * $0)) }
        }
    }
}
