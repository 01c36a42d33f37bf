import SpillwayPlatform
import SpillwayStore

extension Scan {
    /// The percentiles that the plan asks for, of each group.
    func percentiles(
        _ plan: QueryPlan, _ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups
    ) throws -> [[Int]] {
        var digits = LatencyDigits(
            registrations: groups.registrations, percentiles: plan.percentiles,
            maximum: try maximumLatencyUs(),
            threads: memory.threads, histogramBytes: memory.histogramBytes)
        if plan.percentiles.isEmpty || digits.isDone { return digits.latencies }
        let numbers = groups.numbers
        while !digits.isDone {
            let counterCount = digits.beginPass()
            let total = Monitor([Int](repeating: 0, count: counterCount))
            let pass = digits
            try run(parts) { plan, next in
                let scanner = RowScanner(plan: plan, names: names)
                var grouped = GroupedRows(numbers, memory)
                var counts = [Int](repeating: 0, count: counterCount)
                while let source = try next() {
                    if case .none = try scanner.scan(source, onlyCounts: false) { continue }
                    try scanner.loader.loadLatencies(of: source)
                    scanner.loader.latencyUs.withUnsafeBufferPointer { latencies in
                        grouped.forEach(scanner) { rows, group in
                            if rows.count == 1 {
                                pass.count(latencies[rows.lowerBound], group: group, in: &counts)
                            } else {
                                pass.count(UnsafeBufferPointer(rebasing: latencies[rows]), group: group, in: &counts)
                            }
                        }
                    }
                }
                let found = counts
                total.withLock { total in
                    for index in found.indices { total[index] += found[index] }
                }
            }
            let isSound = digits.endPass(total.withLock { $0 })
            precondition(isSound, "a view does not change, so each pass sees the same latencies")
        }
        return digits.latencies
    }
}
