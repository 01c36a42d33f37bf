import Glibc

/// Zeroed memory straight from the system, in huge pages where there are any: fresh 4 KiB pages cost 5 to 10
/// times as much to touch first. Freed when the value goes.
package struct MappedMemory: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, as the type cannot be copied.
    package let base: UnsafeMutableRawPointer
    package let byteCount: Int

    package static let hugePageBytes = 2 << 20

    /// How many bytes a request for so many is given: whole pages.
    package static func roundedByteCount(_ requested: Int) -> Int {
        let unit = requested >= hugePageBytes ? hugePageBytes : 4096
        return (requested + unit - 1) / unit * unit
    }

    /// Nil if the system has no such amount of memory to give.
    ///
    /// - Parameters:
    ///   - inHugePages: false where only a little of it will be touched, here and there.
    ///   - isRoundedUp: whether the last page is to be a huge one, too, however little of it was asked for.
    package init?(byteCount requested: Int, inHugePages: Bool = true, isRoundedUp: Bool = true) {
        precondition(requested > 0)
        let byteCount = isRoundedUp ? Self.roundedByteCount(requested) : (requested + 4095) / 4096 * 4096
        let isHuge = inHugePages && byteCount >= Self.hugePageBytes
        // Over-mapped by a huge page, then trimmed, so that the base is aligned to one.
        let mapped = isHuge ? byteCount + Self.hugePageBytes : byteCount
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let start = mmap(nil, mapped, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
            return nil
        }
        guard isHuge else {
            self.base = start
            self.byteCount = byteCount
            return
        }
        let lead = -Int(bitPattern: start) & (Self.hugePageBytes - 1)
        if lead > 0 { munmap(start, lead) }
        if lead < Self.hugePageBytes { munmap(start + lead + byteCount, Self.hugePageBytes - lead) }
        self.base = start + lead
        self.byteCount = byteCount
        madvise(base, byteCount, MADV_HUGEPAGE)
    }

    /// Has the system find memory for the first `byteCount` bytes now, not when each page is first written: on a machine
    /// that gets its own memory from a hypervisor, that takes 20 times as long as writing it once more.
    package func populate(byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= self.byteCount)
        // Linux 5.14. Where it is not known, pages come as they are used.
        let populateForWriting: Int32 = 23
        _ = madvise(base, byteCount, populateForWriting)
    }

    deinit { munmap(base, byteCount) }
}
