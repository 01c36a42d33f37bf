import SpillwayModel
import SpillwayPlatform

/// Room for up to ``capacity`` rows in three columns, reused through a ``RowBlockPool``.
package final class RowBlock: @unchecked Sendable {
    // Unchecked: a block has one owner at a time, handed on from shard to epoch to encoder to pool, each hand-on
    // under a lock.

    /// Rows in a block: 16 Ki of 24 bytes are 384 KiB.
    package static let capacity = 16_384
    static let byteCount = capacity * 3 * MemoryLayout<UInt64>.size

    /// Microseconds since 1970.
    package let registeredAt: UnsafeMutablePointer<Int64>
    package let identity: UnsafeMutablePointer<UInt64>
    /// ``PackedAttributes`` as raw values.
    package let attributes: UnsafeMutablePointer<UInt64>
    package private(set) var count = 0

    /// Keeps the memory that the columns lie in.
    private let slab: Slab

    fileprivate init(slab: Slab, at index: Int) {
        let base = slab.memory.base + index * Self.byteCount
        self.slab = slab
        registeredAt = base.bindMemory(to: Int64.self, capacity: Self.capacity)
        identity = (base + Self.byteCount / 3).bindMemory(to: UInt64.self, capacity: Self.capacity)
        attributes = (base + Self.byteCount / 3 * 2).bindMemory(to: UInt64.self, capacity: Self.capacity)
    }

    package var isFull: Bool { count == Self.capacity }

    /// Counts in `extra` rows that were written behind the others.
    package func grow(by extra: Int) {
        precondition(extra >= 0 && extra <= Self.capacity - count)
        count += extra
    }

    /// - Precondition: the block is not full.
    package func append(registeredAt time: Int64, identity id: UInt64, attributes word: UInt64) {
        precondition(!isFull)
        registeredAt[count] = time
        identity[count] = id
        attributes[count] = word
        count += 1
    }

    /// - Precondition: the block is not full.
    func append(row: Int, of rows: RegistrationBatch) {
        let attributes = PackedAttributes(
            country: rows.country[row], platform: rows.platform[row], source: rows.source[row],
            latencyUs: rows.latencyUs[row])
        append(
            registeredAt: rows.registeredAt[row].rawValue, identity: rows.identity[row].rawValue,
            attributes: attributes.rawValue)
    }

    func packedAttributes(at row: Int) -> PackedAttributes { PackedAttributes(rawValue: attributes[row]) }

    fileprivate func removeAll() { count = 0 }
}

private final class Slab: Sendable {
    let memory: MappedMemory

    init(byteCount: Int) {
        guard let memory = MappedMemory(byteCount: byteCount) else {
            preconditionFailure("the system has no \(byteCount) bytes of address space left")
        }
        self.memory = memory
    }
}

/// Blocks to take and give back. It maps memory in slabs as more blocks are out at once than ever before; how
/// many are out is bounded by who takes them.
package final class RowBlockPool: Sendable {
    private static let blocksPerSlab = 16
    private let free = Monitor<[RowBlock]>([])

    package init() {}

    package func take() -> RowBlock {
        free.withLock { free in
            if let block = free.popLast() { return block }
            let slab = Slab(byteCount: Self.blocksPerSlab * RowBlock.byteCount)
            free = (0..<Self.blocksPerSlab).map { RowBlock(slab: slab, at: $0) }
            return free.removeLast()
        }
    }

    package func giveBack(_ blocks: [RowBlock]) {
        for block in blocks { block.removeAll() }
        free.withLock { $0.append(contentsOf: blocks) }
    }

    /// Rows in as few blocks as they fill.
    package func pack(_ rows: RegistrationBatch) -> [RowBlock] {
        var blocks: [RowBlock] = []
        for row in 0..<rows.count {
            if blocks.last?.isFull ?? true { blocks.append(take()) }
            blocks[blocks.count - 1].append(row: row, of: rows)
        }
        return blocks
    }
}
