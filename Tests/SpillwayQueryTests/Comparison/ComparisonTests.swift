import SpillwayModel
import Testing

@testable import SpillwayQuery

struct ComparisonTests {
    private let registrations = registrationsAroundMidnight(400, seed: 51)

    private func midnight() throws -> Timestamp { try #require(Timestamp(year: 2021, month: 10, day: 5)) }

    @Test func anHourIsHeldAgainstTheHourBefore() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot()
        let (hour, midnight) = (Int64(3_600_000_000), try midnight())
        var query = Query()
        query.groupBy = [.country]
        query.every = .minutes(10)
        query.since = midnight
        let before = Timestamp(rawValue: midnight.rawValue - hour)
        let rows = try snapshot.compare(query, to: .time(from: before)).rows
        #expect(rows.reduce(0) { $0 + $1.registrations } == registrations.count { $0.registeredAt >= midnight })
        for row in rows {
            let start = try #require(row.registeredAt)
            let expected = registrations.count { registration in
                let offset = registration.registeredAt.rawValue + hour - start.rawValue
                return (0..<600_000_000).contains(offset) && registration.country.code == row.values[0]
                    && registration.registeredAt.rawValue + hour <= snapshot.times?.upperBound ?? 0
            }
            #expect(row.baseline == Double(expected))
            #expect(row.change == Double(row.registrations - expected))
        }
    }

    /// What there was before, or should have been, is there to see, also where nothing has come since.
    @Test func anEmptyStoreIsHeldAgainstOthers() throws {
        let (empty, other) = (try SmallStore([]), try SmallStore(registrations))
        try empty.close()
        try other.close()
        let snapshot = try empty.snapshot()
        let all = try snapshot.compare(Query(), to: .store(other.snapshot())).rows
        #expect(all.map(\.registrations) == [0] && all.map(\.baseline) == [Double(registrations.count)])
        #expect(try snapshot.compare(Query(), to: .time(from: midnight())).rows.map(\.baseline) == [0])

        var query = Query()
        query.since = try midnight()
        query.until = Timestamp(rawValue: try midnight().rawValue + 43_200_000_000)
        let norm = try snapshot.compare(query, to: .norm(registrationsPerDay: 3_000)).rows
        #expect(norm.map(\.registrations) == [0] && norm.map(\.baseline) == [1_500])
        query.groupBy = [.country]
        let countries = try snapshot.compare(query, to: .store(other.snapshot())).rows
        let expected = Dictionary(
            grouping: try registrations.filter { try $0.registeredAt >= midnight() }, by: \.country.code)
        #expect(countries.map(\.values) == expected.keys.sorted().map { [$0] })
        #expect(countries.allSatisfy { $0.baseline == Double(expected[$0.values[0]]?.count ?? 0) })
    }

    @Test func storesAreHeldAgainstEachOtherByTheirBeginnings() throws {
        let later = registrations.map { registration in
            var registration = registration
            registration.registeredAt.rawValue += 7 * 86_400_000_000
            return registration
        }
        let (store, other) = (try SmallStore(later), try SmallStore(registrations))
        try store.close()
        try other.close()
        var query = Query()
        query.groupBy = [.platform]
        query.every = .hours(1)
        let first = try midnight().rawValue - 3_600_000_000
        let rows = try store.snapshot().compare(
            query, to: .time(from: Timestamp(rawValue: first), in: other.snapshot())
        ).rows
        #expect(rows.count == 6)
        #expect(rows.allSatisfy { $0.ratio == 1 && $0.change == 0 })
        #expect(try store.snapshot().compare(query, to: .store(other.snapshot())).rows == rows)

        // At the same time there was nothing in the other.
        query.since = Timestamp(rawValue: try midnight().rawValue + 3 * 86_400_000_000)
        let alone = try store.snapshot().compare(query, to: .store(other.snapshot())).rows
        #expect(alone.count == 6 && alone.allSatisfy { $0.baseline == 0 && $0.ratio == nil })
    }

    @Test func groupsOfTheBaselineAloneAreNotForgotten() {
        func result(_ values: [(String, Int)]) -> QueryResult {
            QueryResult(
                rows: values.map { QueryRow(columns: [.country], values: [$0.0], registrations: $0.1) })
        }
        let rows = QueryComparison(result([("BR", 6), ("MX", 1)]), to: result([("BR", 2), ("DE", 5)]), laterBy: 0).rows
        #expect(rows.map(\.values) == [["BR"], ["DE"], ["MX"]])
        #expect(rows.map(\.ratio) == [3, 0, nil])
        #expect(rows.map(\.change) == [4, -5, 1])
    }

    @Test func aNormIsSpreadEvenlyOverTheDay() throws {
        let store = try SmallStore(registrations)
        try store.close()
        var query = Query()
        query.every = .hours(1)
        let rows = try store.snapshot().compare(query, to: .norm(registrationsPerDay: 240)).rows
        #expect(rows.map(\.baseline) == [10, 10])
        query.groupBy = [.country]
        query.every = nil
        query.since = try midnight()
        query.until = Timestamp(rawValue: try midnight().rawValue + 3_600_000_000)
        let groups = try store.snapshot().compare(query, to: .norm(registrationsPerDay: 240)).rows
        #expect(abs(groups.reduce(0) { $0 + $1.baseline } - 10) < 1e-9)
        #expect(groups.allSatisfy { row in abs((row.ratio ?? 0) - (groups[0].ratio ?? 0)) < 1e-9 })
    }
}
