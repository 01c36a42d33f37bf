import Foundation
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct TimeZoneTests {
    /// Registrations of four days from a date on.
    private func registrations(from start: Timestamp, seed: UInt64) throws -> [Registration] {
        let model = try #require(Timestamp(year: 2021, month: 10, day: 4))
        return randomRegistrations(400, seed: seed, days: 4, countries: ["BR", "DE"]).map { registration in
            var registration = registration
            registration.registeredAt.rawValue += start.rawValue - model.rawValue
            return registration
        }
    }

    /// Where clocks are turned back, turned on, offset by half an hour, never changed, and changed at midnight.
    @Test(arguments: [
        ("Europe/Berlin", "2021-10-29"), ("Europe/Berlin", "2021-03-26"), ("Asia/Kolkata", "2021-10-04"),
        ("Latin America", "2018-11-02"), ("America/Sao_Paulo", "2018-02-16"), ("Africa/Cairo", "2014-09-24"),
    ])
    func bucketsBeginWhereClocksShowTheHourOrTheDay(zone: String, start: String) throws {
        let start = try #require(Timestamp(rfc3339: start))
        let registrations = try registrations(from: start, seed: 41)
        let store = try SmallStore(registrations)
        try store.close()
        let snapshots = [try store.snapshot(), try store.snapshot(.none)]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(
            TimeZone(identifier: zone == "Latin America" ? Region.latinAmerica.timeZone : zone))
        let units: [(QueryInterval, Calendar.Component)] = [(.hours(1), .hour), (.days(1), .day)]
        for (interval, unit) in units {
            for groupBy in [[], [.country]] as [[QueryColumn]] {
                var query = Query()
                query.groupBy = groupBy
                query.every = interval
                query.timeZone = zone
                query.measures = [.peakMinute, .firstAndLast]
                let expected = expectedRows(query, registrations) { time in
                    let date = Date(timeIntervalSince1970: Double(time.rawValue / 1_000_000))
                    let interval = calendar.dateInterval(of: unit, for: date)
                    return interval.map { Timestamp(rawValue: Int64($0.start.timeIntervalSince1970) * 1_000_000) }
                }
                for snapshot in snapshots {
                    let agrees = try snapshot.run(query).rows == expected
                    #expect(agrees, "\(zone) \(unit)")
                }
            }
        }
    }

    @Test func theDayOnWhichClocksAreTurnedBackHas25Hours() throws {
        let clock = try ZoneClock("Europe/Berlin")
        let times = try time("2021-10-30T00:00Z")...time("2021-11-02T00:00Z")
        let hour: Int64 = 3_600_000_000
        func starts(_ width: Int64) throws -> [Timestamp?] {
            let calendar = BucketCalendar(width: width, clock, around: times)
            return try stride(from: time("2021-10-30T22:00Z"), to: time("2021-10-31T23:00Z"), by: Int(hour)).map {
                time in
                let slice = try #require(calendar.slices(of: time...time).first)
                return calendar.start(ofBucket: try #require(slice.numbering?.bucket(of: Timestamp(rawValue: time))))
            }
        }
        #expect(Set(try starts(24 * hour)) == [Timestamp(rfc3339: "2021-10-30T22:00Z")])
        #expect(Set(try starts(hour)).count == 25)
        // 00:00, 06:00, 12:00 and 18:00, the first of them 7 hours long.
        let quarters = ["2021-10-30T22:00Z", "2021-10-31T05:00Z", "2021-10-31T11:00Z", "2021-10-31T17:00Z"]
        #expect(Set(try starts(6 * hour)) == Set(quarters.map { Timestamp(rfc3339: $0) }))
    }

    private func time(_ text: String) throws -> Int64 { try #require(Timestamp(rfc3339: text)).rawValue }

    @Test func aClockTurnedBackOverMidnightDoesNotBeginTheDayAgain() throws {
        // 2014-09-26 00:00 became 2014-09-25 23:00.
        let times = try time("2014-09-24T00:00Z")...time("2014-09-28T00:00Z")
        let calendar = BucketCalendar(width: 86_400_000_000, try ZoneClock("Africa/Cairo"), around: times)
        let buckets = calendar.slices(of: times).flatMap { slice in
            [slice.times.lowerBound, slice.times.upperBound].compactMap {
                slice.numbering?.bucket(of: Timestamp(rawValue: $0))
            }
        }
        #expect(buckets == buckets.sorted())
    }

    @Test func zonesThatAreNoneAreRefused() throws {
        var query = Query()
        for name in ["Atlantis/City", "CET", "", "+02:00", "../UTC"] {
            query.timeZone = name
            #expect(throws: QueryError.unknownTimeZone(name)) { try query.run(onStoreAt: "nowhere") }
        }
        for region in Region.allCases { _ = try ZoneClock(region.rawValue) }
        _ = try ZoneClock("UTC")
    }
}
