import SpillwayConsole
import SpillwayQuery

/// What was read for an answer, for people.
struct ReadingReport {
    private let reading: QueryReading

    init(_ reading: QueryReading) { self.reading = reading }

    var text: String {
        let count = Figures.grouped
        return Facts.rendered([
            ("Segments", "\(count(reading.segments)), rollups of \(count(reading.segmentsInRollups)) counted"),
            ("Rollup cells", count(reading.rollupCells)),
            (
                "Row groups",
                """
                \(count(reading.rowGroups)): \(count(reading.rowGroupsRead)) read, \(count(reading.rowGroupsInRollups)) \
                counted by rollups, \(count(reading.rowGroupsOutsideTime)) outside of the time
                """
            ),
            ("Pages", "\(count(reading.pagesRead)) read, \(count(reading.pagesPassedOver)) passed over"),
            ("Rows read", count(reading.rowsRead)), ("Bytes read", Figures.bytes(reading.bytesRead)),
            ("Took", Figures.latency(us: Double(reading.elapsedUs))),
        ])
    }
}
