/// Parts of `total` in proportion to `weights`, which add up to it exactly (largest remainders; the earlier of
/// equal ones first).
///
/// - Precondition: the weights are finite, not negative and not all 0; `total` < 2⁵³.
func apportion(_ total: Int, by weights: [Double]) -> [Int] {
    let sum = weights.reduce(0, +)
    precondition(sum > 0 && sum.isFinite)
    let quotas = weights.map { Double(total) * ($0 / sum) }
    var parts = quotas.map { Int($0) }
    let byRemainder = quotas.indices.filter { weights[$0] > 0 }.sorted { a, b in
        let (x, y) = (quotas[a] - Double(parts[a]), quotas[b] - Double(parts[b]))
        return x == y ? a < b : x > y
    }
    // The remainders add up to what is missing, so there are at least that many of them.
    let missing = total - parts.reduce(0, +)
    for index in byRemainder.prefix(missing) { parts[index] += 1 }
    return parts
}
