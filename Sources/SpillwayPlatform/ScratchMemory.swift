/// Memory for a stage's working set: grows to the largest that was asked for, keeps no content when it does.
package struct ScratchMemory: ~Copyable {
    private var memory: MappedMemory?
    private var base: UnsafeMutableRawPointer?
    private var byteCount = 0

    package init() {}

    /// At least `needed` bytes, aligned to a page, with whatever was in them.
    package mutating func room(byteCount needed: Int) -> UnsafeMutableRawPointer {
        if let base, needed <= byteCount { return base }
        memory = nil  // before the larger one is taken, so that both are never held
        guard let grown = MappedMemory(byteCount: needed) else {
            preconditionFailure("the system has no \(needed) bytes of memory left")
        }
        let start = grown.base
        byteCount = grown.byteCount
        memory = consume grown
        base = start
        return start
    }

    /// Has the system find memory for so many bytes now, not when each page is first written.
    package mutating func populate(byteCount needed: Int) {
        _ = room(byteCount: needed)
        memory?.populate(byteCount: byteCount)
    }
}
