import SpillwayPlatform
import SpillwayStore

extension Scan {
    /// The percentiles that the plan asks for, of each group.
    func percentiles(
        _ plan: QueryPlan, _ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups
    ) throws -> [[Int]] {
        if let latencies = try sampledPercentiles(plan, parts, names, groups) { return latencies }
        var digits = LatencyDigits(
            registrations: groups.registrations, percentiles: plan.percentiles,
            maximum: try maximumLatencyUs(),
            threads: memory.threads, histogramBytes: memory.histogramBytes)
        while !digits.isDone {
            let counterCount = digits.beginPass()
            let pass = digits
            let counts = try tally(parts, names, groups, from: [Int](repeating: 0, count: counterCount)) {
                (counts, latencies, group) in
                if latencies.count == 1 {
                    pass.count(latencies[0], group: group, in: &counts)
                } else {
                    pass.count(latencies, group: group, in: &counts)
                }
            } merging: { sum, counts in
                for index in counts.indices { sum[index] += counts[index] }
            }
            let isSound = digits.endPass(counts)
            precondition(isSound, "a view does not change, so each pass sees the same latencies")
        }
        return digits.latencies
    }

    /// Of so many row groups one is a sample of the others.
    private static let sampleStride = 12

    /// The percentiles by brackets; nil if there are too few row groups to sample, or the sample misled.
    private func sampledPercentiles(
        _ plan: QueryPlan, _ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups
    ) throws -> [[Int]]? {
        let sources = parts.reduce(0) { $0 + $1.sources.count }
        let room = memory.histogramBytes / (memory.threads + 1)
        let binCount = groups.registrations.count * LatencyBrackets.bins.count
        guard sources >= 2 * Self.sampleStride, binCount <= room / MemoryLayout<Int>.size else { return nil }
        let sample = parts.compactMap { $0.each(Self.sampleStride) }
        let brackets = LatencyBrackets(
            registrations: groups.registrations, percentiles: plan.percentiles,
            sample: try countLatencies(sample, names, groups, LatencyBrackets.bins))
        // Where groups are too small to be sampled, they are too many to keep what may be their percentiles.
        let rowCount = groups.registrations.reduce(0, +)
        guard brackets.expectedCount <= min(rowCount / 2, room / 4 / MemoryLayout<Int32>.size) else { return nil }
        let found = try tally(parts, names, groups, from: brackets.noTally) { (tally, latencies, group) in
            brackets.add(latencies, group: group, to: &tally)
        } merging: { sum, tally in
            LatencyBrackets.add(tally, to: &sum)
        }
        return brackets.latencies(found)
    }

    /// The latencies of each group in bins, one group after the other.
    func countLatencies(
        _ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups, _ bins: LatencyBins
    ) throws -> [Int] {
        let none = [Int](repeating: 0, count: groups.keys.count * bins.count)
        return try tally(parts, names, groups, from: none) { (counts, latencies, group) in
            let places = group * bins.count..<(group + 1) * bins.count
            counts.withUnsafeMutableBufferPointer { counts in
                let counts = UnsafeMutableBufferPointer(rebasing: counts[places])
                for latency in latencies { counts[bins.bin(of: latency)] += 1 }
            }
        } merging: { sum, counts in
            for index in counts.indices { sum[index] += counts[index] }
        }
    }

    /// Hands `add` the latencies of each group, in runs, with what the thread has got so far; returns that of all threads
    /// together.
    @inline(__always)
    private func tally<Tally: Sendable>(
        _ parts: [ScanPart], _ names: NameTable, _ groups: SortedGroups, from none: Tally,
        _ add: @escaping @Sendable (inout Tally, UnsafeBufferPointer<Int32>, _ group: Int) -> Void,
        merging merge: (inout Tally, Tally) -> Void
    ) throws -> Tally {
        let numbers = groups.numbers
        let tallies = Monitor<[Tally]>([])
        try run(parts, names) { scanner, next in
            var grouped = GroupedRows(numbers, memory)
            var tally = none
            while let source = try next() {
                if case .none = try scanner.scan(source, onlyCounts: false) { continue }
                try scanner.latencies(of: source).withUnsafeBufferPointer { latencies in
                    grouped.forEach(scanner) { rows, group in
                        add(&tally, UnsafeBufferPointer(rebasing: latencies[rows]), group)
                    }
                }
            }
            let found = tally
            tallies.withLock { $0.append(found) }
        }
        var sum = none
        for tally in tallies.withLock({ $0 }) { merge(&sum, tally) }
        return sum
    }
}
