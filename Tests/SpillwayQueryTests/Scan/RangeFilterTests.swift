import SpillwayEngine
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct RangeFilterTests {
    /// Every range against every column's bounds, near the ends of 64 bits and around 0, where the order by sign and
    /// the one without differ.
    @Test func relationsToStatisticsAreThoseOfTheValuesBetween() {
        let points: [Int64] = [.min, .min + 1, -2, -1, 0, 1, .max - 1, .max]
        for first in points {
            for last in points {
                let filter = RangeFilter(.identity, from: first, to: last)
                for least in points {
                    for greatest in points where greatest >= least {
                        // These stand for all: between two neighbours nothing changes but at the points themselves.
                        let inside = points.filter { (least...greatest).contains($0) }
                        let relation = filter.relation(to: least...greatest)
                        if inside.contains(where: filter.contains) { #expect(relation != .none) }
                        if !inside.allSatisfy(filter.contains) { #expect(relation != .all) }
                        if least == greatest { #expect(relation == (filter.contains(least) ? .all : .none)) }
                    }
                }
            }
        }
        #expect(RangeFilter(.latencyUs, from: 5, to: 9).relation(to: 10...20) == .none)
        #expect(RangeFilter(.latencyUs, from: 5, to: 10).relation(to: 10...20) == .some)
        #expect(RangeFilter(.latencyUs, from: 5, to: 30).relation(to: 10...20) == .all)
    }

    @Test func identitiesGoByTheirBitsWithoutASign() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(6000, seed: 21)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 2000)
        try engine.close()
        let half = Identity(rawValue: 1 << 63)
        for range in [
            Identity(rawValue: 0)...Identity(rawValue: half.rawValue - 1), half...Identity(rawValue: .max),
            Identity(rawValue: 1 << 62)...Identity(rawValue: 3 << 62), half...half,
        ] {
            var query = Query()
            query.identities = range
            let expected = registrations.count { range.contains($0.identity) }
            #expect(try query.run(onStoreAt: directory.path).registrations == expected)
            query.groupBy = [.country]
            let rows = try query.run(onStoreAt: directory.path).rows
            #expect(rows == expectedRows(query, registrations, intervalUs: nil))
        }
    }

    @Test(arguments: [0...0, 0...Int(Int32.max), Int(Int32.max)...Int.max, -5 ... -1, Int.min...Int.max])
    func latenciesAtTheEndsCount(_ range: ClosedRange<Int>) throws {
        let directory = TemporaryDirectory()
        let registrations = extremeRegistrations()
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1500)
        try engine.close()
        var query = Query()
        query.latencyUs = range
        query.groupBy = [.region]
        query.percentiles = [0.001, 50, 100]
        let rows = try query.run(onStoreAt: directory.path).rows
        #expect(rows == expectedRows(query, registrations, intervalUs: nil))
    }

    /// A damaged page of the column that filters is named.
    @Test func aDamagedPageIsNamed() throws {
        let directory = TemporaryDirectory()
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(randomRegistrations(6000, seed: 22), batchSize: 2000)
        try engine.close()
        let system = PosixSystem()
        let name = try #require(system.list(directory.path).first { $0.hasPrefix("part-") })
        let path = directory.path(name)
        let chunk = try SegmentFooter(reading: system.open(path, .read)).rowGroups[0]
            .columns[SegmentColumn.latencyUs.rawValue]
        let file = try system.open(path, .write)
        let last = chunk.byteRange.upperBound - 1
        try file.write([file.readBytes(count: 1, at: last)[0] ^ 1], at: last)
        var query = Query()
        query.latencyUs = 100_001...Int.max
        let error = #expect(throws: QueryError.self) { try query.run(onStoreAt: directory.path) }
        guard case .store(.damaged(let place, let offset, _)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place == path && chunk.byteRange.contains(offset))
    }
}

/// Latencies at the ends of their range, and groups of a single row.
func extremeRegistrations() -> [Registration] {
    var registrations = randomRegistrations(3000, seed: 23, countries: ["BR", "DE"], latencies: 0...3)
    for index in stride(from: 0, to: registrations.count, by: 3) { registrations[index].latencyUs = Int(Int32.max) }
    registrations[7].country = Country("AU") ?? .unknown
    registrations[8].country = Country("NG") ?? .unknown
    return registrations
}
