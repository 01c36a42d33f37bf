import CSpillwayPlatform
import Glibc

/// Writes large amounts past the page cache, from memory that it keeps: a file that is appended to at full speed would
/// take fresh pages of the system's for every byte, which cost several times what writing does. What is written so is
/// as durable as any write: not before the next sync.
///
/// The device takes whole blocks, so what comes before the first and after the last whole block of a write goes through
/// the page cache; the system keeps the two views of the file the same (open(2), O_DIRECT).
struct DirectWriter: ~Copyable {
    /// Writes of less are left to the page cache, which gathers them.
    static let leastByteCount = 256 << 10
    private static let blockByteCount = 4096
    private static let stagingByteCount = 4 << 20

    private let descriptor: Int32
    private let calls: any SystemCalls
    /// What the device reads from has to begin at a block, which a caller's bytes do not.
    private let staging: MappedMemory

    /// A writer to the file that is open as `descriptor`; nil where the file system knows no such writing.
    init?(to descriptor: Int32, calls: any SystemCalls) {
        let result = calls.open("/proc/self/fd/\(descriptor)", O_WRONLY | spillway_o_direct | O_CLOEXEC, 0)
        guard result.value >= 0 else { return nil }
        guard let staging = MappedMemory(byteCount: Self.stagingByteCount) else {
            _ = calls.close(Int32(result.value))
            return nil
        }
        self.descriptor = Int32(result.value)
        self.calls = calls
        self.staging = staging
    }

    deinit { _ = calls.close(descriptor) }

    /// The bytes of a write at `offset` that are whole blocks of the file.
    static func wholeBlocks(of byteCount: Int, at offset: UInt64) -> Range<Int> {
        let lead = Int(truncatingIfNeeded: (0 &- offset) % UInt64(blockByteCount))
        guard byteCount >= leastByteCount else { return 0..<0 }
        return lead..<lead + (byteCount - lead) / blockByteCount * blockByteCount
    }

    /// Writes whole blocks; returns how many bytes it wrote, fewer than all where the system did not take more, for
    /// whatever reason.
    borrowing func write(_ blocks: UnsafeRawBufferPointer, at offset: UInt64) -> Int {
        var done = 0
        while done < blocks.count {
            let piece = UnsafeRawBufferPointer(
                rebasing: blocks[done..<min(done + Self.stagingByteCount, blocks.count)])
            UnsafeMutableRawBufferPointer(start: staging.base, count: piece.count).copyMemory(from: piece)
            let staged = UnsafeRawBufferPointer(start: staging.base, count: piece.count)
            let result = calls.pwrite(descriptor, staged, off_t(truncatingIfNeeded: offset &+ UInt64(done)))
            if result.value > 0 { done += result.value }
            guard result.value == piece.count else { break }
        }
        return done
    }
}
