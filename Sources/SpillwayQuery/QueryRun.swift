import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// One query on its way to an answer.
struct QueryRun {
    let plan: QueryPlan
    let snapshot: Snapshot
    let names = NameTable()
    private let meter: ReadingMeter
    let scan: Scan

    init(_ plan: QueryPlan, on snapshot: Snapshot, _ onProgress: QueryProgress.Handler? = nil) {
        self.plan = plan
        self.snapshot = snapshot
        meter = ReadingMeter(onProgress)
        scan = Scan(snapshot, meter: meter)
    }

    func result() throws -> QueryResult {
        let startUs = MonotonicClock.nowUs()
        try meter.report()
        let tally = plan.measures.contains(.attempts) ? try snapshot.outcomes() : OutcomeTally()
        let times = snapshot.times.union(tally.times)
        // A store without registrations has no time that matters.
        let calendar = plan.calendar(of: times ?? 0...0)
        let slices = times.map { plan.slices(of: $0, calendar) } ?? []
        let attempts = try AttemptCounter(tally, plan, slices, names)
        var counted = try count(plan, slices)
        for group in attempts.groups { counted.totals.append(values: group.values, bucket: group.bucket, count: 0) }
        let groups = SortedGroups(counted.totals, plan: plan, names: names.names)
        var rows = rows(groups, calendar)
        try measure(slices, groups, attempts, &rows)
        var reading = meter.reading(of: snapshot, plan)
        reading.segmentsInRollups = counted.segmentCount
        reading.rollupCells = counted.cellCount
        reading.elapsedUs = Int(MonotonicClock.nowUs() - startUs)
        return QueryResult(rows: rows, reading: reading)
    }

    /// Fills in what the query asks for beside counts.
    private func measure(
        _ slices: [TimeSlice], _ groups: SortedGroups, _ attempts: AttemptCounter, _ rows: inout [QueryRow]
    ) throws {
        let parts = slices.compactMap { ScanPart(plan, $0, snapshot) }
        if !plan.percentiles.isEmpty {
            let latencies = try scan.percentiles(plan, parts, names, groups)
            for index in rows.indices { rows[index].latencyUs = latencies[index] }
        }
        if plan.measures.isEmpty { return }
        var measured = [MeasuredValues](repeating: MeasuredValues(), count: rows.count)
        func fill<Value>(_ member: WritableKeyPath<MeasuredValues, Value>, _ values: [Value]) {
            for (index, value) in values.enumerated() { measured[index][keyPath: member] = value }
        }
        for measure in plan.measures {
            switch measure {
            case .share: fill(\.share, rows.shares)
            case .runningTotal: fill(\.runningTotal, rows.runningTotals)
            case .firstAndLast: fill(\.times, try times(slices, groups))
            case .peakSecond:
                fill(\.peakSecond, try peaks(unit: Timestamp.microsecondsPerSecond, slices, groups))
            case .peakMinute: fill(\.peakMinute, try peaks(unit: Minute.microseconds, slices, groups))
            case .latencyHistogram: fill(\.latencyHistogram, try scan.histograms(parts, names, groups))
            case .attempts:
                fill(
                    \.attempts,
                    zip(groups.keys, groups.registrations).map { attempts.attempts($0, registrations: $1) })
            }
        }
        for index in rows.indices { rows[index].measured = [measured[index]] }
    }

    // MARK: Counting

    struct Counted {
        var totals = GroupTotals()
        /// Of those that rollups counted.
        var segmentCount = 0
        var cellCount = 0
    }

    /// Counts whole minutes from rollups, where that is possible, and all else by a scan.
    func count(_ plan: QueryPlan, _ slices: [TimeSlice]) throws -> Counted {
        let byMinute = plan.countsFromRollups ? slices.filter(\.hasWholeMinutes) : []
        let answer = byMinute.isEmpty ? nil : try snapshot.cube.count(plan, byMinute, names, scan.memory)
        var parts: [ScanPart?] = []
        for slice in slices {
            guard let answer, slice.hasWholeMinutes else {
                parts.append(ScanPart(plan, slice, snapshot))
                continue
            }
            parts.append(ScanPart(plan, slice, snapshot, where: { !answer.isCovered[$0.segment] }))
            for edge in MinuteSplit(slice.times).edges {
                let slice = TimeSlice(times: edge, numbering: slice.numbering)
                parts.append(
                    ScanPart(plan, slice, snapshot, hasJournal: false, where: { answer.isCovered[$0.segment] }))
            }
        }
        var totals = answer?.totals ?? GroupTotals()
        totals.append(try scan.counts(parts.compactMap(\.self), names))
        try totals.check(limit: scan.memory.maximumGroupCount)
        return Counted(
            totals: totals, segmentCount: answer?.isCovered.count { $0 } ?? 0, cellCount: answer?.cellCount ?? 0)
    }

    private func rows(_ groups: SortedGroups, _ calendar: BucketCalendar) -> [QueryRow] {
        let names = self.names.names
        var rows: [QueryRow] = []
        rows.reserveCapacity(groups.keys.count)
        var known: (values: UInt64, names: [String])?
        for (key, registrations) in zip(groups.keys, groups.registrations) {
            let values: [String]
            if let known, known.values == key.values {
                values = known.names
            } else {
                values = key.numbers(count: plan.groupBy.count).map { names[Int($0)] }
                known = (key.values, values)
            }
            rows.append(
                QueryRow(
                    columns: plan.groupBy, values: values, registeredAt: calendar.start(ofBucket: key.bucket),
                    registrations: registrations))
        }
        return rows
    }
}

extension ClosedRange<Int64>? {
    /// The least range that holds both.
    fileprivate func union(_ other: ClosedRange<Int64>?) -> ClosedRange<Int64>? {
        guard let self, let other else { return self ?? other }
        return Swift.min(self.lowerBound, other.lowerBound)...Swift.max(self.upperBound, other.upperBound)
    }
}

extension [QueryRow] {
    /// Of each row its part of all registrations.
    fileprivate var shares: [Double?] {
        let total = reduce(0) { $0 + $1.registrations }
        return map { total == 0 ? nil : Double($0.registrations) / Double(total) }
    }

    /// Of each row the registrations of its values up to its time.
    fileprivate var runningTotals: [Int?] {
        var total = 0
        return indices.map { index in
            let continues = index > 0 && self[index].values == self[index - 1].values
            total = (continues ? total : 0) + self[index].registrations
            return total
        }
    }
}
