import SpillwayModel

@testable import SpillwayQuery

/// What a query's answer is, found the plain way: over registrations one by one.
func expectedRows(_ query: Query, _ registrations: [Registration], intervalUs: Int64?) -> [QueryRow] {
    expectedRows(query, registrations) { time in
        intervalUs.map { width in Timestamp(rawValue: time.rawValue / width * width) }
    }
}

/// - Parameter bucket: where the bucket of a time begins; nil if the query does not divide time.
func expectedRows(
    _ query: Query, _ registrations: [Registration], bucket: (Timestamp) -> Timestamp?
) -> [QueryRow] {
    struct Key: Hashable {
        var values: [String]
        var bucket: Timestamp?
    }
    var groups: [Key: [Registration]] = [:]
    for registration in registrations {
        if let since = query.since, registration.registeredAt < since { continue }
        if let until = query.until, registration.registeredAt >= until { continue }
        if let latencies = query.latencyUs, !latencies.contains(registration.latencyUs) { continue }
        if let identities = query.identities, !identities.contains(registration.identity) { continue }
        guard query.filters.allSatisfy({ $1.contains(registration.value(of: $0)) }) else { continue }
        let key = Key(
            values: query.groupBy.map { registration.value(of: $0) }, bucket: bucket(registration.registeredAt))
        groups[key, default: []].append(registration)
    }
    if query.groupBy.isEmpty, query.every == nil, groups.isEmpty {
        groups[Key(values: [])] = []
    }
    var rows = groups.map { key, members in
        QueryRow(
            columns: query.groupBy, values: key.values, registeredAt: key.bucket, registrations: members.count,
            latencyUs: members.isEmpty
                ? [] : query.percentiles.map { nearestRank($0, members.map(\.latencyUs).sorted()) },
            measured: query.measures.isEmpty ? [] : [expectedMeasures(query.measures, members)])
    }.sorted { a, b in
        a.values == b.values
            ? (a.registeredAt?.rawValue ?? 0) < (b.registeredAt?.rawValue ?? 0)
            : a.values.lexicographicallyPrecedes(b.values)
    }
    let total = rows.reduce(0) { $0 + $1.registrations }
    for index in rows.indices {
        let before = rows[...index].filter { $0.values == rows[index].values }
        if query.measures.contains(.runningTotal) {
            rows[index].measured[0].runningTotal = before.reduce(0) { $0 + $1.registrations }
        }
        if query.measures.contains(.share), total > 0 {
            rows[index].measured[0].share = Double(rows[index].registrations) / Double(total)
        }
    }
    return rows
}

/// Those that depend on a group alone.
private func expectedMeasures(_ measures: Set<QueryMeasure>, _ members: [Registration]) -> MeasuredValues {
    func peak(_ unit: Int64) -> QueryPeak? {
        let counts = Dictionary(members.map { ($0.registeredAt.rawValue / unit, 1) }, uniquingKeysWith: +)
        let peak = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
        return peak.map { QueryPeak(time: Timestamp(rawValue: $0.key * unit), registrations: $0.value) }
    }
    var measured = MeasuredValues()
    let times = members.map(\.registeredAt)
    if measures.contains(.firstAndLast), let first = times.min(), let last = times.max() {
        measured.times = first...last
    }
    if measures.contains(.peakSecond) { measured.peakSecond = peak(1_000_000) }
    if measures.contains(.peakMinute) { measured.peakMinute = peak(60_000_000) }
    if measures.contains(.latencyHistogram) {
        let bins = Dictionary(grouping: members) { member in
            (0..<LatencyBins.eighths.count).map(LatencyBins.eighths.range).first { $0.contains(member.latencyUs) }
                ?? 0..<0
        }
        measured.latencyHistogram = bins.map { LatencyBin(latencyUs: $0.key, registrations: $0.value.count) }
            .sorted { $0.latencyUs.lowerBound < $1.latencyUs.lowerBound }
    }
    return measured
}

/// The smallest value whose cumulative share reaches the percentile.
private func nearestRank(_ percentile: Double, _ sorted: [Int]) -> Int {
    let millionths = Int((percentile * 1_000_000).rounded())
    let index = sorted.indices.first { ($0 + 1) * 100_000_000 >= sorted.count * millionths }
    return sorted[index ?? sorted.count - 1]
}

extension Registration {
    func value(of column: QueryColumn) -> String {
        switch column {
        case .region: region?.rawValue ?? ""
        case .country: country.code
        case .platform: platform.name
        case .source: source.name
        }
    }
}
