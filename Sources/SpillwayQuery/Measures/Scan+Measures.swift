import SpillwayModel
import SpillwayPlatform

extension Scan {
    /// The first and the last time of registration of each group.
    func times(_ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups) throws -> [ClosedRange<Timestamp>?] {
        let numbers = groups.numbers
        let none = [Bounds](repeating: Bounds(), count: groups.keys.count)
        let total = Monitor(none)
        try run(parts, names) { scanner, next in
            var grouped = GroupedRows(numbers, memory)
            var bounds = none
            while let source = try next() {
                if case .none = try scanner.scan(source, onlyCounts: false) { continue }
                let times = try scanner.times(of: source)
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
        let bins = LatencyBins.eighths
        let size = groups.keys.count * bins.count
        guard size * MemoryLayout<Int>.size * (memory.threads + 1) <= memory.histogramBytes else {
            throw QueryError.tooManyGroups
        }
        let counts = try countLatencies(parts, names, groups, bins)
        return groups.keys.indices.map { group in
            (0..<bins.count).compactMap { bin in
                let count = counts[group * bins.count + bin]
                return count == 0 ? nil : LatencyBin(latencyUs: bins.range(ofBin: bin), registrations: count)
            }
        }
    }
}
