import SpillwayParquet
import SpillwayStore

/// The values of a column of integers that count: those from one to another, in the order of the column's numbers or,
/// of identities, of their 64 bits without a sign.
///
/// Either way they are those whose distance from the first, as it wraps, is at most the last one's: the order matters
/// only where the range is held against statistics, which go by the sign.
struct RangeFilter: Hashable, Sendable {
    let column: SegmentColumn
    let first: Int64
    /// From the first value to the last.
    let width: UInt64

    init(_ column: SegmentColumn, from first: Int64, to last: Int64) {
        self.column = column
        self.first = first
        width = UInt64(bitPattern: last &- first)
    }

    @inline(__always)
    func contains(_ value: Int64) -> Bool { UInt64(bitPattern: value &- first) <= width }

    enum Relation {
        case none, some, all
    }

    /// How many of the values within a column's statistics, bounds by sign, may count.
    func relation(to bounds: ClosedRange<Int64>) -> Relation {
        let (least, greatest) = (bounds.lowerBound, bounds.upperBound)
        let length = UInt64(bitPattern: greatest &- least)
        let start = UInt64(bitPattern: least &- first)
        // Both are arcs of the circle of 64-bit numbers.
        if start <= width, length <= width - start { return .all }
        return start <= width || UInt64(bitPattern: first &- least) <= length ? .some : .none
    }
}
