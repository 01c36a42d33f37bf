import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct MeasureTests {
    private let registrations = registrationsAroundMidnight(300, seed: 31)

    @Test func measuresAgreeWithTheModel() throws {
        let store = try SmallStore(registrations)
        let snapshots = [try store.snapshot(), try store.snapshot(.none)]
        var random = SplitMix64(seed: 32)
        for round in 0..<60 {
            var asked = RandomQuery(about: registrations, using: &random)
            asked.addMeasures(using: &random)
            let rows = try snapshots[round % 2].run(asked.query).rows
            let agrees = rows == expectedRows(asked.query, registrations, intervalUs: asked.intervalUs)
            #expect(agrees, "\(asked.query)")
        }
        try store.close()
    }

    /// Little memory has the time gone through in many parts.
    @Test func peaksAreFoundPartByPart() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot(memoryLimitBytes: 1 << 20)
        var query = Query()
        query.groupBy = [.country]
        query.measures = [.peakSecond, .peakMinute]
        #expect(try snapshot.run(query).rows == expectedRows(query, registrations, intervalUs: nil))
    }

    @Test func aBucketOfPartMinutesHasNoPeakMinute() throws {
        var query = Query()
        query.every = .seconds(90)
        query.measures = [.peakMinute]
        #expect(throws: QueryError.peakMinuteOfPartMinutes) { try query.run(onStoreAt: "nowhere") }
    }

    @Test func nothingHasNoMeasures() throws {
        let snapshot = try SmallStore([]).snapshot()
        var query = Query()
        query.measures = Set(QueryMeasure.allCases)
        let row = try #require(try snapshot.run(query).rows.first)
        #expect(row.registrations == 0 && row.runningTotal == 0 && row.share == nil && row.first == nil)
        #expect(row.peakSecond == nil && row.peakMinute == nil && row.latencyHistogram == [])
    }

    @Test func everyLatencyIsInTheBinWhoseRangeHoldsIt() {
        for latency in [0, 1, 7, 8, 9, 15, 16, 17, 1_000_000, Int32.max] {
            #expect(LatencyBins.eighths.range(ofBin: LatencyBins.eighths.bin(of: latency)).contains(Int(latency)))
        }
        for bin in 1..<LatencyBins.eighths.count {
            let range = LatencyBins.eighths.range(ofBin: bin)
            #expect(LatencyBins.eighths.range(ofBin: bin - 1).upperBound == range.lowerBound)
            #expect(range.count <= max(1, range.lowerBound / 8))
        }
        #expect(LatencyBins.eighths.range(ofBin: LatencyBins.eighths.count - 1).upperBound == 1 << 31)
    }

    @Test func rowsHaveTypes() throws {
        let store = try SmallStore(registrations)
        try store.close()
        var query = Query()
        query.groupBy = [.region, .country, .platform]
        query.filters = [.country: ["BR"], .platform: ["ios"]]
        let row = try #require(try store.snapshot().run(query).rows.first)
        #expect(row.region == .latinAmerica && row.country == Country("BR") && row.platform == "ios")
        #expect(row.source == nil && row.registeredAt == nil)
    }
}
