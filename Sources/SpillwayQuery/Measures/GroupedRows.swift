/// Tells of rows that a scanner has been through which group of a result each is in. Used by one thread.
struct GroupedRows {
    private let groups: [GroupKey: Int]
    /// Numbers up to which groups are looked up in an array, and beyond in a hash table.
    private let maximumDenseSize: Int
    /// Group by the number that the scanner gives it, ``unknown`` until it comes up.
    private var groupOfNumber: [Int] = []

    private static let unknown = -1

    init(_ groups: [GroupKey: Int], _ memory: QueryMemory) {
        self.groups = groups
        maximumDenseSize = memory.maximumDenseSize
    }

    /// Calls `body` with the rows that count, those one after the other that come in one run together, and their group.
    @inline(__always)
    mutating func forEach(_ scanner: RowScanner, _ body: (_ rows: Range<Int>, _ group: Int) -> Void) {
        let (space, numbers) = (scanner.space, scanner.numbers)
        guard numbers.isPerRow else {
            for run in numbers.runs {
                if let group = groups[space.key(of: run.number)] { body(run.rows, group) }
            }
            return
        }
        groupOfNumber.removeAll(keepingCapacity: true)
        if space.size <= min(maximumDenseSize, 16 * numbers.rowCount + 256) {
            groupOfNumber.append(contentsOf: repeatElement(Self.unknown, count: space.size))
        }
        let span = numbers.span
        for run in numbers.runs {
            for row in run.rows where run.number &+ span[row] < space.size {
                if let group = group(run.number &+ span[row], space) { body(row..<row &+ 1, group) }
            }
        }
    }

    @inline(__always)
    private mutating func group(_ number: Int, _ space: GroupSpace) -> Int? {
        guard number < groupOfNumber.count else { return groups[space.key(of: number)] }
        let known = groupOfNumber[number]
        if known != Self.unknown { return known }
        let group = groups[space.key(of: number)]
        groupOfNumber[number] = group ?? Self.unknown
        return group
    }
}
