import SpillwayModel
import SpillwayParquet
import SpillwayStore

@testable import SpillwayQuery

extension RollupSource {
    /// Counts the rows of the segments that `keepsRollup` chooses.
    static func rows(where keepsRollup: @escaping @Sendable (StoredSegment) -> Bool = { _ in true }) -> RollupSource {
        RollupSource { segment, detail in
            guard keepsRollup(segment) else { return nil }
            let rollup = try Rollup(rowsOf: segment)
            return detail == .minutes ? rollup : rollup.totals
        }
    }
}

extension Rollup {
    /// As ``RollupDetail/totals`` has it.
    var totals: Rollup {
        var totals = Rollup()
        for series in series {
            totals.append(series.key, minutes: [0], counts: [counts[series.cells].reduce(0, +)])
        }
        return totals
    }

    init(rowsOf segment: StoredSegment) throws {
        var cells: [SeriesKey: [Int32: UInt32]] = [:]
        let loader = ColumnLoader()
        for metadata in segment.rowGroups {
            let source = RowSource.rowGroup(metadata, try segment.openFile())
            func values(_ column: QueryColumn) throws -> [String] {
                let names = try loader.loadCodes(column, of: source)
                return loader.codes[..<metadata.rowCount].map { names[Int($0)] }
            }
            let (countries, platforms) = (try values(.country), try values(.platform))
            let sources = try values(.source)
            try loader.loadTimes(of: source)
            for row in 0..<metadata.rowCount {
                let key = SeriesKey(
                    country: Country(countries[row]) ?? .unknown, platform: Label(platforms[row]) ?? .invalid,
                    source: Label(sources[row]) ?? .invalid)
                let minute = loader.registeredAt[row].flooredDivision(by: 60_000_000).quotient
                cells[key, default: [:]][Int32(minute), default: 0] += 1
            }
        }
        self.init()
        for (key, counts) in cells.sorted(by: { $0.key < $1.key }) {
            let sorted = counts.sorted { $0.key < $1.key }
            append(key, minutes: sorted.map(\.key), counts: sorted.map(\.value))
        }
    }
}
