import Foundation
import SpillwayModel
import Testing

@testable import SpillwayTrace

/// CSV that other programs wrote, each in its default form: Fixtures/make-csv says how. All hold the same rows.
@Suite struct ForeignCSVTests {
    private static let rows: [RecordedAttempt] = [
        .at(0, 5_511_987_654_321),
        .at(
            250_123, UInt64(Int64.max), Country("JP") ?? .unknown, platform: "web", source: "a,b", latencyUs: 0,
            arrivedAt: 260_000),
        .at(
            1_000_000, 7, Country("AX") ?? .unknown, platform: "Größe 大", latencyUs: Int(Int32.max),
            arrivedAt: 1_000_001),
        // Nulls: the engine refuses what has no country and no platform.
        .at(1_500_000, 8, .unknown, platform: .invalid, latencyUs: 5, arrivedAt: 2_000_000),
        .at(61_000_000, 5_511_987_654_321, platform: "android", source: "retry", latencyUs: 1, arrivedAt: 62_000_000),
    ]

    private func path(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appending(path: "recordings/csv/\(name)").path
    }

    @Test(arguments: [
        "pandas.csv", "pandas.csv.gz", "pandas-naive-index.csv", "pandas-excel.csv", "polars.csv", "polars-naive.csv",
        "duckdb.csv", "duckdb.csv.gz", "duckdb-naive.csv", "pyarrow.csv", "spark-micros.csv",
    ]) func rowsAreThoseThatWereWritten(name: String) throws {
        #expect(try openTrace(path(name)).recordedAttempts() == Self.rows)
    }

    /// Spark writes times to the millisecond by default.
    @Test(arguments: ["spark.csv", "spark.csv.gz", "spark-kolkata.csv"]) func sparkCutsTimes(name: String) throws {
        let rows = Self.rows.map { row in
            var row = row
            row.registration.registeredAt.rawValue -= row.registration.registeredAt.rawValue % 1000
            row.arrivedAt.rawValue -= row.arrivedAt.rawValue % 1000
            return row
        }
        #expect(try openTrace(path(name)).recordedAttempts() == rows)
    }

    @Test func noFileIsLeftOut() throws {
        let directory = try path("")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(names.count == 14)
    }
}
