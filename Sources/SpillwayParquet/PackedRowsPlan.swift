import CSpillwayKernels

/// What ``PackedRows`` are to be made of, in their order, and what they will take.
package struct PackedRowsPlan {
    package enum Column {
        case int64([Int64])
        case int32([Int32])
        case uint16([UInt16])
    }

    let rowCount: Int
    let layout: PackedRowsLayout
    private let columns: [Column]
    /// By block, then by column.
    private var parts: [Part] = []

    /// A column's share of a block.
    private struct Part {
        var least: Int64
        var greatest: Int64

        var width: Int { 64 - UInt64(bitPattern: greatest &- least).leadingZeroBitCount }
    }

    /// - Parameter columns: the first `rowCount` values of each count.
    package init(rowCount: Int, _ columns: [Column]) {
        precondition(!columns.isEmpty && columns.allSatisfy { $0.count >= rowCount })
        self.rowCount = rowCount
        let columns = Self.inOrder(columns, rowCount)
        self.columns = columns
        var blockBytes = 0
        for first in stride(from: 0, to: rowCount, by: PackedRows.blockRows) {
            let rows = first..<min(first + PackedRows.blockRows, rowCount)
            blockBytes += PackedBlock.headerByteCount(columnCount: columns.count)
            for column in columns {
                let (least, greatest) = column.bounds(of: rows)
                let part = Part(least: least, greatest: greatest)
                blockBytes += PackedBlock.columnByteCount(width: part.width)
                parts.append(part)
            }
        }
        layout = PackedRowsLayout(rowCount: rowCount, columnCount: columns.count, blockBytes: blockBytes)
    }

    /// Of the rows, packed.
    package var byteCount: Int { layout.byteCount }

    /// - Parameter memory: zeroes, as many as the layout takes.
    func write(to memory: UnsafeMutableRawPointer) {
        writeFilter(to: memory)
        var end = layout.blocks
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: PackedRows.blockRows) { differences in
            guard let room = differences.baseAddress else { return }
            for index in 0..<layout.blockCount {
                let least = parts[index * columns.count].least
                memory.storeBytes(of: least, toByteOffset: layout.leasts + 8 * index, as: Int64.self)
                if index % PackedRows.blocksPerGroup == 0 {
                    let group = index / PackedRows.blocksPerGroup
                    memory.storeBytes(of: least, toByteOffset: layout.groupLeasts + 8 * group, as: Int64.self)
                }
                let offset = UInt32((end - layout.blocks) / PackedBlock.alignment)
                memory.storeBytes(of: offset, toByteOffset: layout.starts + 4 * index, as: UInt32.self)
                let first = index * PackedRows.blockRows
                let rows = first..<min(first + PackedRows.blockRows, rowCount)
                let block = PackedBlock(at: memory + end, columnCount: columns.count)
                end += PackedBlock.headerByteCount(columnCount: columns.count)
                for column in columns.indices {
                    let part = parts[index * columns.count + column]
                    differences.initialize(repeating: 0)
                    columns[column].subtract(part.least, from: rows, into: room)
                    block.write(room, least: part.least, width: UInt8(part.width), as: column)
                    end += PackedBlock.columnByteCount(width: part.width)
                }
            }
        }
    }

    private func writeFilter(to memory: UnsafeMutableRawPointer) {
        guard case .int64(let values) = columns[0] else { preconditionFailure("rows are found by an Int64") }
        let blockCount = layout.filterByteCount / BloomFilter.blockByteCount
        spillway_bloom_insert(memory.assumingMemoryBound(to: UInt32.self), blockCount, values, rowCount)
    }

    /// Puts rows in the order of their first column.
    private static func inOrder(_ columns: [Column], _ rowCount: Int) -> [Column] {
        guard case .int64(let values) = columns[0] else { preconditionFailure("rows are found by an Int64") }
        precondition(rowCount <= Int32.max)
        if zip(values[..<rowCount], values[..<rowCount].dropFirst()).allSatisfy({ $0 <= $1 }) { return columns }
        let positions = [UInt32](unsafeUninitializedCapacity: rowCount) { positions, count in
            withUnsafeTemporaryAllocation(of: spillway_ordered.self, capacity: 2 * rowCount) { entries in
                guard let entries = entries.baseAddress, let room = positions.baseAddress else { return }
                spillway_order_i64(values, rowCount, entries, entries + rowCount, room)
                count = rowCount
            }
        }
        return columns.map { column in
            switch column {
            case .int64(let values): .int64(positions.map { values[Int($0)] })
            case .int32(let values): .int32(positions.map { values[Int($0)] })
            case .uint16(let values): .uint16(positions.map { values[Int($0)] })
            }
        }
    }
}

extension PackedRowsPlan.Column {
    fileprivate var count: Int {
        switch self {
        case .int64(let values): values.count
        case .int32(let values): values.count
        case .uint16(let values): values.count
        }
    }

    /// - Parameter rows: at least one.
    fileprivate func bounds(of rows: Range<Int>) -> (least: Int64, greatest: Int64) {
        switch self {
        case .int64(let values):
            return values.withUnsafeBufferPointer { values in
                guard let first = values.baseAddress else { return (0, 0) }
                let (least, greatest) = Int64.bounds(of: first + rows.lowerBound, count: rows.count)
                return (least, greatest)
            }
        case .int32(let values):
            return values.withUnsafeBufferPointer { values in
                guard let first = values.baseAddress else { return (0, 0) }
                let (least, greatest) = Int32.bounds(of: first + rows.lowerBound, count: rows.count)
                return (Int64(least), Int64(greatest))
            }
        case .uint16(let values):
            return values.withUnsafeBufferPointer { values in
                guard let first = values.baseAddress else { return (0, 0) }
                var (least, greatest) = (0 as UInt16, 0 as UInt16)
                spillway_min_max_u16(first + rows.lowerBound, rows.count, &least, &greatest)
                return (Int64(least), Int64(greatest))
            }
        }
    }

    /// Writes how far the values of some rows lie above `least`.
    fileprivate func subtract(_ least: Int64, from rows: Range<Int>, into room: UnsafeMutablePointer<UInt64>) {
        switch self {
        case .int64(let values):
            for (place, row) in rows.enumerated() { room[place] = UInt64(bitPattern: values[row] &- least) }
        case .int32(let values):
            for (place, row) in rows.enumerated() { room[place] = UInt64(bitPattern: Int64(values[row]) &- least) }
        case .uint16(let values):
            for (place, row) in rows.enumerated() { room[place] = UInt64(bitPattern: Int64(values[row]) &- least) }
        }
    }
}
