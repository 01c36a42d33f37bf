import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport

@testable import SpillwayStore

/// What a rollup is to count, counted the plain way.
struct CountedCell: Hashable {
    var key: SeriesKey
    var minute: Int64
}

func counts(_ rows: some Sequence<PackedRow>) -> [CountedCell: UInt32] {
    rows.reduce(into: [:]) { counts, row in
        var minute = row.registeredAt / 60_000_000
        if minute * 60_000_000 > row.registeredAt { minute -= 1 }
        counts[CountedCell(key: SeriesKey(row.attributes), minute: minute), default: 0] += 1
    }
}

func counts(_ rows: some Sequence<Row>) -> [CountedCell: UInt32] { counts(rows.map(\.packed)) }

func counts(_ rollup: Rollup?) -> [CountedCell: UInt32]? {
    rollup.map { rollup in
        rollup.series.reduce(into: [:]) { counts, series in
            for cell in series.cells {
                counts[CountedCell(key: series.key, minute: Int64(rollup.minutes[cell]))] = rollup.counts[cell]
            }
        }
    }
}

/// Whether series and cells are in the order that a rollup promises.
func isInOrder(_ rollup: Rollup) -> Bool {
    zip(rollup.series, rollup.series.dropFirst()).allSatisfy {
        $0.key < $1.key && $0.cells.upperBound == $1.cells.lowerBound
    }
        && rollup.series.allSatisfy { series in
            let minutes = rollup.minutes[series.cells]
            return !minutes.isEmpty && zip(minutes, minutes.dropFirst()).allSatisfy { $0 < $1 }
        }
        && rollup.counts.allSatisfy { $0 > 0 }
}

func counted(_ rows: some Sequence<PackedRow>) -> Rollup? {
    var counter = RollupCounter()
    let pool = RowBlockPool()
    let block = pool.take()
    for row in rows {
        if block.isFull {
            counter.add(block)
            pool.giveBack([block])
        }
        block.append(row)
    }
    counter.add(block)
    return counter.finish()
}

/// Rows of some countries, platforms and sources, made within `minutes` of each other.
func randomRows(_ count: Int, minutes: Int64, _ random: inout SplitMix64) -> [PackedRow] {
    let labels: [Label] = ["web", "ios", "android", "organic", "invite", "Grüße"]
    let start = Int64.random(in: -2_000_000...2_000_000, using: &random) * 60_000_000
    return (0..<count).map { row in
        PackedRow(
            registeredAt: start + Int64.random(in: 0..<minutes * 60_000_000, using: &random), identity: UInt64(row),
            attributes: PackedAttributes(
                country: Country.all[Int.random(in: 0..<1 + row % 200, using: &random)],
                platform: labels[Int.random(in: 0..<3, using: &random)],
                source: labels[Int.random(in: 0..<6, using: &random)], latencyUs: 7))
    }
}
