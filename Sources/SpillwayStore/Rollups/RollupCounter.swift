import SpillwayModel

/// Counts rows into a ``Rollup``. Keeps its memory for reuse.
///
/// A hash table of cells, one for each series and minute: rows of a surge fall into few thousand of them, most into few
/// dozen, which stay in the first cache.
struct RollupCounter {
    /// A slot of the table.
    private struct Slot {
        /// The series' key, and below it the minute, in 32 bits each that ascend as they do; ``free`` if there is none.
        var cell = Self.free
        var count: UInt32 = 0

        /// No key has the top bit.
        static let free = UInt64.max
    }

    private static let leastSlotCount = 1 << 13
    /// Rows that are counted before the table is looked at again, as each may bring a cell.
    private static let stride = 1 << 10
    static let minuteUs: Int64 = 60_000_000
    private static let signBit: UInt32 = 1 << 31

    /// A power of two, at most half of them taken.
    private var slots = [Slot](repeating: Slot(), count: leastSlotCount)
    private var takenCount = 0
    /// Whether every row's minute has a number of 32 bits.
    private var isComplete = true
    private var minute = Minute()

    /// The one that the last row fell into: mostly, the next one does too.
    private struct Minute {
        var startUs: Int64 = 0
        /// Its number, as it stands in a cell.
        var bits: UInt32 = RollupCounter.signBit

        @inline(__always)
        func holds(_ timeUs: Int64) -> Bool {
            UInt64(bitPattern: timeUs &- startUs) < UInt64(RollupCounter.minuteUs)
        }
    }

    mutating func add(_ block: RowBlock) {
        let rows = block.rows
        add(count: block.count) { (rows[$0].registeredAt, SeriesKey(rows[$0].attributes)) }
    }

    /// Counts rows of which `row` gives the time and the series.
    @inline(__always)
    mutating func add(count: Int, _ row: (Int) -> (registeredAt: Int64, key: SeriesKey)) {
        var index = 0
        while index < count {
            if slots.count / 2 - takenCount < Self.stride { grow() }
            if minute.holds(row(index).registeredAt) || Self.advance(&minute, to: row(index).registeredAt) {
                index = addRun(index..<min(count, index + Self.stride), row)
            } else {
                isComplete = false
                index += 1
            }
        }
    }

    /// Counts rows up to the first that is of another minute; returns where that is.
    @inline(__always)
    private mutating func addRun(_ range: Range<Int>, _ row: (Int) -> (registeredAt: Int64, key: SeriesKey)) -> Int {
        let (minute, mask) = (minute, slots.count - 1)
        let shift = UInt64(UInt64.bitWidth - slots.count.trailingZeroBitCount)
        let minuteBits = UInt64(minute.bits)
        var index = range.lowerBound
        let takenNow = slots.withUnsafeMutableBufferPointer { slots -> Int in
            guard let slots = slots.baseAddress else { return 0 }
            var taken = 0
            while index < range.upperBound {
                let (time, key) = row(index)
                guard minute.holds(time) else { break }
                let cell = UInt64(key.rawValue) &<< 32 | minuteBits
                var slot = Self.home(of: cell, shift)
                while slots[slot].cell != cell {
                    if slots[slot].cell == Slot.free {
                        slots[slot].cell = cell
                        taken &+= 1
                        break
                    }
                    slot = (slot &+ 1) & mask
                }
                slots[slot].count &+= 1
                index &+= 1
            }
            return taken
        }
        takenCount += takenNow
        return index
    }

    /// False if the minute's number has more than 32 bits.
    @inline(never)
    private static func advance(_ minute: inout Minute, to timeUs: Int64) -> Bool {
        let (quotient, remainder) = timeUs.quotientAndRemainder(dividingBy: minuteUs)
        let number = remainder < 0 ? quotient - 1 : quotient
        guard let narrow = Int32(exactly: number) else { return false }
        minute = Minute(startUs: number * minuteUs, bits: UInt32(bitPattern: narrow) ^ signBit)
        return true
    }

    @inline(__always)
    private static func home(of cell: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (cell &* 0x9e37_79b9_7f4a_7c15) &>> shift)
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        let shift = UInt64(UInt64.bitWidth - slots.count.trailingZeroBitCount)
        for entry in old where entry.cell != Slot.free {
            var slot = Self.home(of: entry.cell, shift)
            while slots[slot].cell != Slot.free { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }

    /// What was counted since the last time; nil if some row's time is beyond what a rollup can name.
    ///
    /// - Complexity: O(n log n) of the cells
    mutating func finish() -> Rollup? {
        defer {
            if takenCount > 0 { slots = [Slot](repeating: Slot(), count: min(slots.count, Self.leastSlotCount * 8)) }
            (takenCount, isComplete, minute) = (0, true, Minute())
        }
        guard isComplete else { return nil }
        var cells: [Slot] = []
        cells.reserveCapacity(takenCount)
        for slot in slots where slot.cell != Slot.free { cells.append(slot) }
        cells.sort { $0.cell < $1.cell }
        var rollup = Rollup()
        var first = 0
        while first < cells.count {
            let key = UInt32(truncatingIfNeeded: cells[first].cell >> 32)
            let end = cells[first...].firstIndex { $0.cell >> 32 != UInt64(key) } ?? cells.count
            let series = cells[first..<end]
            rollup.append(
                SeriesKey(rawValue: key),
                minutes: series.lazy.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0.cell) ^ Self.signBit) },
                counts: series.lazy.map(\.count))
            first = end
        }
        return rollup
    }
}
