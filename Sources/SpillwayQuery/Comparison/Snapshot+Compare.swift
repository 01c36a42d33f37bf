import SpillwayModel

extension Snapshot {
    /// Answers a query and holds what it counts against a baseline.
    ///
    /// Where the baseline is of another time, buckets are matched by how long after the beginning of its time each
    /// begins: after ``Query/since``, or the bucket of the snapshot's first registration.
    ///
    /// - Throws: ``QueryError``
    public func compare(_ query: Query, to baseline: QueryBaseline) throws(QueryError) -> QueryComparison {
        let result = try run(query)
        guard let (start, end) = try window(of: query) else {
            guard case .store(let other) = baseline else { return QueryComparison(result, perBucket: 0) }
            return QueryComparison(result, to: try other.run(query.onlyCounting), laterBy: 0)
        }
        switch baseline {
        case .norm(let registrationsPerDay):
            let bucket = query.every?.microseconds ?? end.rawValue - start.rawValue
            let perBucket = registrationsPerDay * Double(bucket) / Double(Timestamp.microsecondsPerDay)
            return QueryComparison(result, perBucket: perBucket)
        case .time(let earlier, let other):
            return try compare(result, query, start..<end, to: other ?? self, from: earlier)
        case .store(let other):
            let beginning = try other.window(of: query)?.start
            return try compare(result, query, start..<end, to: other, from: query.since ?? beginning ?? start)
        }
    }

    /// - Parameter window: the time that the result is of.
    private func compare(
        _ result: QueryResult, _ query: Query, _ window: Range<Timestamp>, to other: Snapshot, from earlier: Timestamp
    ) throws(QueryError) -> QueryComparison {
        var query = query.onlyCounting
        let shift = window.lowerBound.rawValue.subtractingClamped(earlier.rawValue)
        query.since = earlier
        query.until = Timestamp(rawValue: window.upperBound.rawValue.subtractingClamped(shift))
        return QueryComparison(result, to: try other.run(query), laterBy: shift)
    }

    /// The time that a query is about: from the first bucket that may have registrations to the last registration,
    /// where it sets no bounds. Nil if there are neither.
    private func window(of query: Query) throws(QueryError) -> (start: Timestamp, end: Timestamp)? {
        guard let times else {
            guard let since = query.since, let until = query.until else { return nil }
            return (since, until)
        }
        let first = Timestamp(rawValue: times.lowerBound)
        let calendar = try QueryPlan(query).calendar(of: times)
        let bucket = calendar.slices(of: times).first?.numbering?.bucket(of: first)
        let start = query.since ?? bucket.flatMap { calendar.start(ofBucket: $0) } ?? first
        let end = query.until ?? Timestamp(rawValue: times.upperBound.addingClamped(1))
        return (start, max(start, end))
    }
}

extension Query {
    fileprivate var onlyCounting: Query {
        var query = self
        query.measures = []
        query.percentiles = []
        return query
    }
}

extension QueryComparison {
    private struct Key: Hashable {
        var values: [String]
        var registeredAt: Timestamp?
    }

    /// - Parameter shift: how many microseconds the result's time is after the other's.
    init(_ result: QueryResult, to earlier: QueryResult, laterBy shift: Int64) {
        var rest: [Key: Int] = [:]
        for row in earlier.rows {
            let time = row.registeredAt.map { Timestamp(rawValue: $0.rawValue.addingClamped(shift)) }
            rest[Key(values: row.values, registeredAt: time)] = row.registrations
        }
        rows = result.rows.map { row in
            let baseline = rest.removeValue(forKey: Key(values: row.values, registeredAt: row.registeredAt)) ?? 0
            return ComparedRow(row, baseline: Double(baseline))
        }
        if rest.isEmpty { return }
        let columns = earlier.rows.first?.columns ?? []
        rows += rest.map { key, baseline in
            ComparedRow(
                columns: columns, values: key.values, registeredAt: key.registeredAt, registrations: 0,
                baseline: Double(baseline))
        }
        rows.sort { a, b in
            guard a.values == b.values else { return a.values.lexicographicallyPrecedes(b.values) }
            return (a.registeredAt?.rawValue ?? 0) < (b.registeredAt?.rawValue ?? 0)
        }
    }

    /// - Parameter perBucket: the norm of all groups together in one bucket.
    init(_ result: QueryResult, perBucket: Double) {
        var groups: [[String]: Int] = [:]
        for row in result.rows { groups[row.values, default: 0] += row.registrations }
        let total = result.registrations
        rows = result.rows.map { row in
            // All of it is the only group's, also where that has none.
            let share = groups.count == 1 ? 1 : Double(groups[row.values] ?? 0) / Double(max(1, total))
            return ComparedRow(row, baseline: perBucket * share)
        }
    }
}

extension ComparedRow {
    fileprivate init(_ row: QueryRow, baseline: Double) {
        self.init(
            columns: row.columns, values: row.values, registeredAt: row.registeredAt,
            registrations: row.registrations, baseline: baseline)
    }
}

extension Int64 {
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
