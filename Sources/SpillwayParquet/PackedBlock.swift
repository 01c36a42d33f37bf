import CSpillwayKernels

/// Rows of ``PackedRows``: the least value of each column, the bits of each, and the columns' values.
struct PackedBlock {
    /// Of each of its columns, too.
    static let alignment = 16
    private let start: UnsafeMutableRawPointer
    private let columnCount: Int

    init(at start: UnsafeMutableRawPointer, columnCount: Int) {
        self.start = start
        self.columnCount = columnCount
    }

    /// What goes before the first column.
    static func headerByteCount(columnCount: Int) -> Int { (9 * columnCount + alignment - 1) / alignment * alignment }

    static func columnByteCount(width: Int) -> Int { PackedRows.blockRows / 8 * width }

    private func least(_ column: Int) -> Int64 { start.load(fromByteOffset: 8 * column, as: Int64.self) }

    private func width(_ column: Int) -> Int {
        Int(start.load(fromByteOffset: 8 * columnCount + column, as: UInt8.self))
    }

    private func columnStart(_ column: Int) -> UnsafeMutableRawPointer {
        var offset = Self.headerByteCount(columnCount: columnCount)
        for before in 0..<column { offset += Self.columnByteCount(width: width(before)) }
        return start + offset
    }

    func address(_ column: Int, _ row: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(columnStart(column) + row * width(column) / 8)
    }

    func value(_ column: Int, _ row: Int) -> Int64 {
        precondition(row >= 0 && row < PackedRows.blockRows && column < columnCount)
        let width = width(column)
        if width == 0 { return least(column) }
        let (address, shift) = (address(column, row), row * width % 8)
        var bits = address.loadUnaligned(as: UInt64.self) &>> UInt64(shift)
        if shift + width > 64 {
            bits |= UInt64(address.load(fromByteOffset: 8, as: UInt8.self)) &<< UInt64(64 - shift)
        }
        return least(column) &+ Int64(bitPattern: bits & (.max &>> UInt64(64 - width)))
    }

    /// The first row, of so many, whose first column has a value.
    func firstRow(of value: Int64, below rowCount: Int) -> Int? {
        let width = width(0)
        if width == 0 { return value == least(0) ? 0 : nil }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: PackedRows.blockRows) { differences in
            guard let target = differences.baseAddress else { return nil }
            let packed = columnStart(0).assumingMemoryBound(to: UInt8.self)
            for part in 0..<PackedRows.blockRows / 32 {
                spillway_unpack32_u64(packed + 4 * width * part, UInt32(width), target + 32 * part)
            }
            return UnsafeBufferPointer(start: target, count: rowCount).withMemoryRebound(to: Int64.self) {
                $0.position(of: value &- least(0))
            }
        }
    }

    /// Writes a column's least value and bits, and its differences from the least: as many as a block has rows.
    func write(_ differences: UnsafePointer<UInt64>, least: Int64, width: UInt8, as column: Int) {
        start.storeBytes(of: least, toByteOffset: 8 * column, as: Int64.self)
        start.storeBytes(of: width, toByteOffset: 8 * columnCount + column, as: UInt8.self)
        if width == 0 { return }
        let packed = columnStart(column).assumingMemoryBound(to: UInt8.self)
        for part in 0..<PackedRows.blockRows / 32 {
            spillway_pack32_u64(differences + 32 * part, UInt32(width), packed + 4 * Int(width) * part)
        }
    }
}
