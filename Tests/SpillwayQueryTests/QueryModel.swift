import SpillwayModel

@testable import SpillwayQuery

/// What a query's answer is, found the plain way: over registrations one by one.
func expectedRows(_ query: Query, _ registrations: [Registration], intervalUs: Int64?) -> [QueryRow] {
    struct Key: Hashable {
        var values: [String]
        var bucket: Timestamp?
    }
    var groups: [Key: [Int]] = [:]
    for registration in registrations {
        if let since = query.since, registration.registeredAt < since { continue }
        if let until = query.until, registration.registeredAt >= until { continue }
        if let latencies = query.latencyUs, !latencies.contains(registration.latencyUs) { continue }
        if let identities = query.identities, !identities.contains(registration.identity) { continue }
        guard query.filters.allSatisfy({ $1.contains(registration.value(of: $0)) }) else { continue }
        let bucket = intervalUs.map { width in
            Timestamp(rawValue: registration.registeredAt.rawValue / width * width)
        }
        let key = Key(values: query.groupBy.map { registration.value(of: $0) }, bucket: bucket)
        groups[key, default: []].append(registration.latencyUs)
    }
    if query.groupBy.isEmpty, intervalUs == nil, groups.isEmpty {
        return [QueryRow(values: [], registeredAt: nil, registrations: 0, latencyUs: [])]
    }
    return groups.map { key, latencies in
        QueryRow(
            values: key.values, registeredAt: key.bucket, registrations: latencies.count,
            latencyUs: query.percentiles.map { nearestRank($0, latencies.sorted()) })
    }.sorted { a, b in
        a.values == b.values
            ? (a.registeredAt?.rawValue ?? 0) < (b.registeredAt?.rawValue ?? 0)
            : a.values.lexicographicallyPrecedes(b.values)
    }
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
