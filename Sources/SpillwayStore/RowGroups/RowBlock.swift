import SpillwayModel
import SpillwayPlatform

/// Room for up to ``capacity`` rows, reused through a ``RowBlockPool``.
package final class RowBlock: @unchecked Sendable {
    // Unchecked: a block has one owner at a time, handed on from shard to epoch to encoder to pool, each hand-on
    // under a lock.

    /// Rows in a block: 16 Ki of 24 bytes are 384 KiB.
    package static let capacity = 16_384
    static let byteCount = capacity * MemoryLayout<PackedRow>.stride

    /// Those below ``count`` are rows; behind them is room.
    package let rows: UnsafeMutablePointer<PackedRow>
    package private(set) var count = 0

    /// Keeps the memory that the rows lie in.
    private let slab: Slab

    fileprivate init(slab: Slab, at index: Int) {
        self.slab = slab
        rows = (slab.memory.base + index * Self.byteCount).bindMemory(to: PackedRow.self, capacity: Self.capacity)
    }

    package var isFull: Bool { count == Self.capacity }

    /// Counts in `extra` rows that were written behind the others.
    package func grow(by extra: Int) {
        precondition(extra >= 0 && extra <= Self.capacity - count)
        count += extra
    }

    /// - Precondition: the block is not full.
    package func append(_ row: PackedRow) {
        precondition(!isFull)
        rows[count] = row
        count += 1
    }

    /// - Precondition: the block is not full.
    func append(row: Int, of batch: RegistrationBatch) {
        append(
            PackedRow(
                registeredAt: batch.registeredAt[row].rawValue, identity: batch.identity[row].rawValue,
                attributes: PackedAttributes(
                    country: batch.country[row], platform: batch.platform[row], source: batch.source[row],
                    latencyUs: batch.latencyUs[row])))
    }

    fileprivate func removeAll() { count = 0 }
}

extension RegistrationBatch {
    mutating func append(contentsOf blocks: [RowBlock]) {
        reserveCapacity(blocks.reduce(count) { $0 + $1.count })
        for block in blocks {
            let rows = UnsafeBufferPointer(start: block.rows, count: block.count)
            registeredAt += rows.lazy.map { Timestamp(rawValue: $0.registeredAt) }
            identity += rows.lazy.map { Identity(rawValue: $0.identity) }
            country += rows.lazy.map(\.attributes.country)
            platform += rows.lazy.map(\.attributes.platform)
            source += rows.lazy.map(\.attributes.source)
            latencyUs += rows.lazy.map(\.attributes.latencyUs)
        }
    }
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
            free = Self.newBlocks(in: Slab(byteCount: Self.blocksPerSlab * RowBlock.byteCount))
            return free.removeLast()
        }
    }

    /// Takes memory for so many rows at once, so that no row waits for the system to find it.
    package func populate(rowCount: Int) {
        let slabRows = Self.blocksPerSlab * RowBlock.capacity
        for _ in 0..<(rowCount + slabRows - 1) / slabRows {
            let slab = Slab(byteCount: Self.blocksPerSlab * RowBlock.byteCount)
            slab.memory.populate(byteCount: slab.memory.byteCount)
            giveBack(Self.newBlocks(in: slab))
        }
    }

    private static func newBlocks(in slab: Slab) -> [RowBlock] {
        (0..<blocksPerSlab).map { RowBlock(slab: slab, at: $0) }
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
