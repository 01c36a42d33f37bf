import CSpillwayKernels
import SpillwayPlatform

/// Rows of integers in memory, in about as few bits as on disk, to be found by the values of their first column.
///
/// Rows are in the order of that column, whatever order they came in, and in blocks: each column as how far its values lie
/// above the block's least, in as many bits as the greatest takes. The columns of a block lie one behind the other, so that
/// a row is a few neighbouring cache lines, and a search asks for those of all the rows that it is after before it waits for
/// the first.
package final class PackedRows: Sendable {
    static let blockRows = 128
    static let blocksPerGroup = 16

    package let rowCount: Int
    private let layout: PackedRowsLayout
    private let memory: MappedMemory

    /// - Returns: nil if the system has no more memory.
    package init?(_ plan: PackedRowsPlan) {
        guard let memory = MappedMemory(byteCount: plan.layout.byteCount, isRoundedUp: false) else { return nil }
        layout = plan.layout
        rowCount = plan.rowCount
        plan.write(to: memory.base)
        self.memory = memory
    }

    package var byteCount: Int { memory.byteCount }

    /// The rows whose first column holds one of some values, one row at most for each: the values of all columns, row
    /// by row.
    package func rows(holding values: ArraySlice<Int64>) -> [Int64] {
        guard rowCount > 0 else { return [] }
        var searches = passingFilter(values).map { Search(value: $0) }
        // Each step asks for the memory that the next one is to read, for all searches.
        for index in searches.indices {
            let group = lastIndex(in: layout.groupLeasts, count: layout.groupCount, notAbove: searches[index].value)
            searches[index].block = group * Self.blocksPerGroup
            prefetch(layout.leasts + 8 * searches[index].block, byteCount: 8 * Self.blocksPerGroup)
        }
        for index in searches.indices {
            let first = searches[index].block
            let count = min(Self.blocksPerGroup, layout.blockCount - first)
            searches[index].block +=
                lastIndex(in: layout.leasts + 8 * first, count: count, notAbove: searches[index].value)
            prefetch(layout.starts + 4 * searches[index].block, byteCount: 4)
        }
        // How many bytes a block's first column has stands in the block: as many as most have.
        for search in searches { prefetch(start(of: search.block), byteCount: 512) }
        for index in searches.indices {
            let block = block(searches[index].block)
            let rows = min(Self.blockRows, rowCount - searches[index].block * Self.blockRows)
            guard let row = block.firstRow(of: searches[index].value, below: rows) else { continue }
            searches[index].row = row
            for column in 1..<layout.columnCount { spillway_prefetch(block.address(column, row)) }
        }
        var result: [Int64] = []
        result.reserveCapacity(searches.count * layout.columnCount)
        for search in searches {
            guard let row = search.row else { continue }
            let block = block(search.block)
            for column in 0..<layout.columnCount { result.append(block.value(column, row)) }
        }
        return result
    }

    private struct Search {
        var value: Int64
        /// The one that holds the value, if any does.
        var block = 0
        /// Within the block, once it is found.
        var row: Int?
    }

    private func passingFilter(_ values: ArraySlice<Int64>) -> [Int64] {
        let filter = UnsafeRawBufferPointer(start: memory.base, count: layout.filterByteCount)
        return values.withUnsafeBufferPointer { BloomFilter.passing($0, blocks: filter) }
    }

    /// The last of some ascending values, at an offset, that is not above another; the first, if all are.
    private func lastIndex(in offset: Int, count: Int, notAbove value: Int64) -> Int {
        precondition(offset + 8 * count <= layout.starts)
        let values = memory.base + offset
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if values.load(fromByteOffset: 8 * middle, as: Int64.self) <= value { low = middle } else { high = middle }
        }
        return low
    }

    /// Where a block begins.
    private func start(of block: Int) -> Int {
        precondition(block < layout.blockCount)
        let start = memory.base.load(fromByteOffset: layout.starts + 4 * block, as: UInt32.self)
        return layout.blocks + Int(start) * PackedBlock.alignment
    }

    private func block(_ index: Int) -> PackedBlock {
        PackedBlock(at: memory.base + start(of: index), columnCount: layout.columnCount)
    }

    /// Asks for the cache lines of some bytes.
    private func prefetch(_ offset: Int, byteCount: Int) {
        for line in stride(from: offset, to: min(offset + byteCount, layout.byteCount), by: 64) {
            spillway_prefetch(memory.base + line)
        }
    }
}

/// Where ``PackedRows`` has its parts: offsets in bytes.
struct PackedRowsLayout {
    let columnCount: Int
    let blockCount: Int
    let groupCount: Int
    /// The Bloom filter of the first column comes first.
    let filterByteCount: Int
    // The least values of the first column: of groups of blocks, and of blocks.
    let groupLeasts, leasts: Int
    /// Where blocks begin, of which four bytes say so in units of ``PackedBlock/alignment``.
    let starts: Int
    let blocks: Int
    let byteCount: Int

    /// - Parameter blockBytes: of all blocks.
    init(rowCount: Int, columnCount: Int, blockBytes: Int) {
        self.columnCount = columnCount
        blockCount = (rowCount + PackedRows.blockRows - 1) / PackedRows.blockRows
        groupCount = (blockCount + PackedRows.blocksPerGroup - 1) / PackedRows.blocksPerGroup
        filterByteCount = BloomFilter.byteCount(valueCount: rowCount)
        groupLeasts = filterByteCount
        leasts = (groupLeasts + 8 * groupCount + 63) / 64 * 64
        starts = leasts + 8 * blockCount
        blocks = (starts + 4 * blockCount + 63) / 64 * 64
        // A value is got by a word from its first byte on.
        byteCount = blocks + blockBytes + MemoryLayout<UInt64>.size
    }
}
