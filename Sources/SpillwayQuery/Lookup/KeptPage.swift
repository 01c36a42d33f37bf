import SpillwayParquet

/// The values of a page that stay in memory, each within reach.
final class KeptPage: Sendable {
    let values: PackedIntegers
    /// Of identities, unless their row group has one.
    let filter: BloomFilter?

    init(values: PackedIntegers, filter: BloomFilter?) {
        self.values = values
        self.filter = filter
    }

    var byteCount: Int { values.byteCount + (filter?.byteCount ?? 0) }

    /// Hands out those of the values that are there, and their rows, counted from the page's first.
    func find(_ sought: ArraySlice<Int64>, _ body: (_ row: Int, _ value: Int64) -> Void) {
        for value in filter.map({ $0.passing(sought)[...] }) ?? sought {
            if let row = values.firstIndex(of: value) { body(row, value) }
        }
    }
}
