import SpillwayPlatform
import SpillwayStore

extension Scan {
    /// The percentiles that the plan asks for, of each group.
    func percentiles(_ plan: QueryPlan, _ names: NameTable, _ groups: SortedGroups) throws -> [[Int]] {
        var digits = LatencyDigits(
            registrations: groups.registrations, percentiles: plan.percentiles,
            maximum: try maximumLatencyUs(),
            threads: memory.threads, histogramBytes: memory.histogramBytes)
        if plan.percentiles.isEmpty || digits.isDone { return digits.latencies }
        let numbers = Dictionary(uniqueKeysWithValues: zip(groups.keys, groups.keys.indices))
        while !digits.isDone {
            let counterCount = digits.beginPass()
            let total = Monitor([Int](repeating: 0, count: counterCount))
            let pass = digits
            try run { next in
                let scanner = RowScanner(plan: plan, names: names)
                var counters = DigitCounters(pass, memory, counterCount: counterCount, groups: numbers)
                while let source = try next() {
                    let rows = try scanner.scan(source, onlyCounts: false)
                    if case .none = rows { continue }
                    try scanner.loader.loadLatencies(of: source)
                    counters.add(scanner)
                }
                let counts = counters.counts
                total.withLock { total in
                    for index in counts.indices { total[index] += counts[index] }
                }
            }
            let isSound = digits.endPass(total.withLock { $0 })
            precondition(isSound, "a view does not change, so each pass sees the same latencies")
        }
        return digits.latencies
    }
}

/// One thread's counts of a digit. Used by that thread.
private struct DigitCounters {
    private(set) var counts: [Int]
    private let digits: LatencyDigits
    private let groups: [GroupKey: Int]
    /// Group by the number that the scanner gives it, ``unknown`` until it comes up.
    private var groupOfNumber: [Int] = []

    private static let unknown = -1
    /// Numbers up to which groups are looked up in an array, and beyond in a hash table.
    private let maximumDenseSize: Int

    init(_ digits: LatencyDigits, _ memory: QueryMemory, counterCount: Int, groups: [GroupKey: Int]) {
        counts = [Int](repeating: 0, count: counterCount)
        self.digits = digits
        self.groups = groups
        maximumDenseSize = memory.maximumDenseSize
    }

    mutating func add(_ scanner: RowScanner) {
        let latencies = scanner.loader.latencyUs
        let space = scanner.space
        guard scanner.numbers.isPerRow else {
            return latencies.withUnsafeBufferPointer { latencies in
                for run in scanner.numbers.runs {
                    guard let group = groups[space.key(of: run.number)] else { continue }
                    digits.count(UnsafeBufferPointer(rebasing: latencies[run.rows]), group: group, in: &counts)
                }
            }
        }
        groupOfNumber.removeAll(keepingCapacity: true)
        if space.size <= maximumDenseSize {
            groupOfNumber.append(contentsOf: repeatElement(Self.unknown, count: space.size))
        }
        let numbers = scanner.numbers
        let span = numbers.span
        for run in numbers.runs {
            for row in run.rows where run.number &+ span[row] < space.size {
                guard let group = group(run.number &+ span[row], space) else { continue }
                digits.count(latencies[row], group: group, in: &counts)
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
