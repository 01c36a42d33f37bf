import Testing

@testable import SpillwayTrace

@Suite struct RejectedRowsTests {
    private func errors(_ rows: Range<Int>) -> [RecordingError] {
        rows.map { RecordingError(file: "t.csv", row: $0, column: nil, problem: "bad") }
    }

    @Test func slicesCountOnceInAnyOrder() {
        let rejected = RejectedRows()
        rejected.record(2, of: 1, first: errors(10..<12))
        rejected.record(0, of: 2, first: [])
        rejected.record(3, of: 0, first: errors(1..<4))
        rejected.record(2, of: 1, first: errors(10..<12))
        #expect(rejected.count == 5)
        #expect(rejected.examples == errors(1..<4) + errors(10..<12))
    }

    @Test func theFirstExamplesAreKept() {
        let rejected = RejectedRows()
        rejected.record(100, of: 9, first: errors(900..<920))
        rejected.record(15, of: 3, first: errors(300..<315))
        #expect(rejected.count == 115)
        #expect(rejected.examples == errors(300..<315) + errors(900..<905))
    }
}
