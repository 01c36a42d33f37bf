import Testing

@testable import SpillwayModel

@Suite struct TimestampTests {
    private static let outage: Int64 = 1_633_361_999_000_000  // 2021-10-04T15:39:59Z

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
        ("2021-10-04T15:39:59Z", outage), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000_000),
        ("2024-12-31T23:59:59.500000Z", 1_735_689_599_500_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func writtenAsItIsRead(text: String, micros: Int64) {
        #expect(Timestamp(rfc3339: text)?.rawValue == micros)
        #expect(Timestamp(rawValue: micros).rfc3339 == text)
    }

    @Test(arguments: [
        ("2021-10-04", outage - 56_399_000_000), ("2021-10-04t15:39:59z", outage),
        ("2021-10-04 15:39:59", outage),
        ("2021-10-04T15:39", outage - 59_000_000), ("2021-10-04T17:39:59+02:00", outage),
        ("2021-10-04T11:39:59-04:00", outage), ("2021-10-05T01:24:59+09:45", outage),
        ("2021-10-03T15:40:59-23:59", outage), ("2021-10-04T15:39:59-00:00", outage),
        ("2021-10-04T15:39:59.25Z", outage + 250_000), ("2021-10-04T15:39:59.1234569Z", outage + 123_456),
        ("2021-10-04T15:39:59.0000001+00:00", outage), ("2021-10-04T15:39:59.000000000000000000001Z", outage),
    ])
    func otherSpellings(text: String, micros: Int64) {
        #expect(Timestamp(rfc3339: text)?.rawValue == micros)
        #expect(Timestamp(rfc3339: "x\(text)".dropFirst())?.rawValue == micros)
    }

    @Test(arguments: [
        "", "2021", "2021-10", "2021-10-04T", "2021-10-04T15", "2021-10-04T15:39:", "2021-10-04T15:39:59.Z",
        "2021-10-04T15:39:59.+00:00", "2021-10-04T15:39:59,5Z", "2021-10-04T15:39:59ZZ",
        "2021-10-04T15:39:59+02",
        "2021-10-04T15:39:59+0200", "2021-10-04T15:39:59+24:00", "2021-10-04T15:39:59+02:60",
        "2021-10-04T24:00:00Z",
        "2021-10-04T15:60:00Z", "2016-12-31T23:59:60Z", "2021-00-04", "2021-13-04", "2021-10-00",
        "2021-10-32",
        "2021-04-31", "2021-02-29", "1900-02-29", "2100-02-29", "0000-01-01", "21-10-04", "+2021-10-04",
        "2021-1-04",
        "2021/10/04", " 2021-10-04", "2021-10-04 ", "2021-10-04X15:39:59Z", "２021-10-04",
        "2021-10-04T-1:39:59Z",
    ])
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() throws {
        var expected = try #require(Timestamp(year: 1800, month: 1, day: 1)).rawValue
        for year in 1800..<2200 {
            for month in 1...12 {
                let days = (1...31).compactMap { Timestamp(year: year, month: month, day: $0)?.rawValue }
                #expect(days.count >= 28)
                for day in days {
                    #expect(day == expected)
                    expected += Timestamp.microsecondsPerDay
                }
            }
        }
    }

    @Test func extremesAreWritten() {
        #expect(Timestamp(rawValue: .max).rfc3339 == "294247-01-10T04:00:54.775807Z")
        #expect(Timestamp(rawValue: .min).rfc3339 == "-290308-12-21T19:59:05.224192Z")
        #expect(Timestamp(rawValue: -62_198_755_200_000_000).rfc3339 == "-0001-01-01T00:00:00Z")
    }

    @Test func earlierIsLess() {
        #expect(Timestamp(rawValue: -1) < Timestamp(rawValue: 0))
        #expect(!(Timestamp(rawValue: 0) < Timestamp(rawValue: 0)))
    }

    @Test(arguments: [
        (7, 3, 2, 1), (-7, 3, -3, 2), (-6, 3, -2, 0), (0, 3, 0, 0),
        (Int64.min, 10, -922_337_203_685_477_581, 2),
    ])
    func flooredDivision(dividend: Int64, divisor: Int64, quotient: Int64, remainder: Int64) {
        #expect(dividend.flooredDivision(by: divisor) == (quotient, remainder))
    }
}
