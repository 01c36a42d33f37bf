/// Registrations of each group. Used by one thread at a time.
struct GroupCounts {
    private(set) var totals: [GroupKey: Int] = [:]
    private var dense: [Int] = []

    private let memory: QueryMemory

    init(_ memory: QueryMemory) { self.memory = memory }

    /// Adds the rows that a scanner has just been through.
    mutating func add(_ rows: RowScanner.Rows, _ scanner: RowScanner, rowCount: Int) throws(QueryError) {
        switch rows {
        case .none: break
        case .counted(let counts):
            for (number, count) in counts.enumerated() where count > 0 {
                totals[scanner.space.key(of: number), default: 0] += count
            }
        case .numbered:
            // An array far larger than the rows are many costs more than a hash table of them.
            if scanner.space.size <= min(memory.maximumDenseSize, 16 * rowCount + 256) {
                addDense(scanner)
            } else {
                addSparse(scanner)
            }
        }
        try checkSize()
    }

    private func checkSize() throws(QueryError) {
        if totals.count > memory.maximumGroupCount { throw .tooManyGroups }
    }

    private mutating func addDense(_ scanner: RowScanner) {
        let size = scanner.space.size
        dense.removeAll(keepingCapacity: true)
        // One more, for all rows that do not count.
        dense.append(contentsOf: repeatElement(0, count: size + 1))
        let groups = scanner.numbers
        let numbers = groups.span
        var counts = dense.mutableSpan
        for run in groups.runs {
            if groups.isPerRow {
                for row in run.rows { counts[min(run.number &+ numbers[row], size)] += 1 }
            } else {
                counts[run.number] += run.rows.count
            }
        }
        for number in 0..<size where dense[number] > 0 {
            totals[scanner.space.key(of: number), default: 0] += dense[number]
        }
    }

    private mutating func addSparse(_ scanner: RowScanner) {
        var counts: [Int: Int] = [:]
        let groups = scanner.numbers
        let numbers = groups.span
        for run in groups.runs {
            if groups.isPerRow {
                for row in run.rows where run.number &+ numbers[row] < scanner.space.size {
                    counts[run.number &+ numbers[row], default: 0] += 1
                }
            } else {
                counts[run.number, default: 0] += run.rows.count
            }
        }
        for (number, count) in counts { totals[scanner.space.key(of: number), default: 0] += count }
    }

    mutating func merge(_ other: [GroupKey: Int]) throws(QueryError) {
        totals.merge(other, uniquingKeysWith: +)
        try checkSize()
    }
}
