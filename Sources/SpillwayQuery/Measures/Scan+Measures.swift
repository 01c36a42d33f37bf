import SpillwayModel
import SpillwayPlatform

extension Scan {
    /// The first and the last time of registration of each group.
    func times(_ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups) throws -> [ClosedRange<Timestamp>?] {
        let numbers = groups.numbers
        let none = [Bounds](repeating: Bounds(), count: groups.keys.count)
        let total = Monitor(none)
        try run(parts) { plan, next in
            let scanner = RowScanner(plan: plan, names: names)
            var grouped = GroupedRows(numbers, memory)
            var bounds = none
            while let source = try next() {
                if case .none = try scanner.scan(source, onlyCounts: false) { continue }
                try scanner.loader.loadTimes(of: source)
                let times = scanner.loader.registeredAt
                grouped.forEach(scanner) { rows, group in
                    for row in rows { bounds[group].add(times[row]) }
                }
            }
            let found = bounds
            total.withLock { total in
                for group in found.indices { total[group].add(found[group]) }
            }
        }
        return total.withLock { $0 }.map(\.range)
    }

    private struct Bounds {
        private var first = Int64.max
        private var last = Int64.min

        @inline(__always)
        mutating func add(_ time: Int64) {
            first = min(first, time)
            last = max(last, time)
        }

        mutating func add(_ other: Bounds) {
            first = min(first, other.first)
            last = max(last, other.last)
        }

        var range: ClosedRange<Timestamp>? {
            first <= last ? Timestamp(rawValue: first)...Timestamp(rawValue: last) : nil
        }
    }

    /// The latencies of each group, by ``LatencyBins``.
    func histograms(_ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups) throws -> [[LatencyBin]] {
        let numbers = groups.numbers
        let size = groups.keys.count * LatencyBins.count
        guard size * MemoryLayout<Int>.size * (memory.threads + 1) <= memory.histogramBytes else {
            throw QueryError.tooManyGroups
        }
        let total = Monitor([Int](repeating: 0, count: size))
        try run(parts) { plan, next in
            let scanner = RowScanner(plan: plan, names: names)
            var grouped = GroupedRows(numbers, memory)
            var counts = [Int](repeating: 0, count: size)
            while let source = try next() {
                if case .none = try scanner.scan(source, onlyCounts: false) { continue }
                try scanner.loader.loadLatencies(of: source)
                let latencies = scanner.loader.latencyUs
                grouped.forEach(scanner) { rows, group in
                    for row in rows {
                        counts[group * LatencyBins.count + LatencyBins.bin(of: latencies[row])] += 1
                    }
                }
            }
            let found = counts
            total.withLock { total in
                for index in found.indices { total[index] += found[index] }
            }
        }
        let counts = total.withLock { $0 }
        return groups.keys.indices.map { group in
            (0..<LatencyBins.count).compactMap { bin in
                let count = counts[group * LatencyBins.count + bin]
                return count == 0 ? nil : LatencyBin(latencyUs: LatencyBins.range(ofBin: bin), registrations: count)
            }
        }
    }
}
