import Foundation
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct ForeignParquetTableTests {
    private let directory = TemporaryDirectory()

    @Test(arguments: ["spark", "spark-zstd", "spark-hive", "delta", "delta-json"])
    func attemptsComeInOrderOfTime(_ name: String) throws {
        let table = try ParquetTable(path: fixture(name) + "/")
        #expect(try table.recordedAttempts() == ForeignRow.attempts(hasNulls: true))
        #expect(table.expectedAttempts == ForeignRow.count)
        #expect(table.name == name)
        #expect(table.rejectedRows == nil)
    }

    @Test func filesOfSeveralWritersMakeOneTable() throws {
        let attempts = ForeignRow.attempts()
        try writeRecording(Array(attempts[120...]), to: directory.path("own.parquet"))
        let day = 86_400_000_000
        let later = attempts.map { attempt in
            var attempt = attempt
            let time = Timestamp(rawValue: attempt.arrivedAt.rawValue + Int64(day))
            (attempt.arrivedAt, attempt.registration.registeredAt) = (time, time)
            return attempt
        }
        try writeRecording(later, to: directory.path("later.parquet"))
        try FileManager.default.copyItem(
            atPath: fixture("duckdb.parquet"), toPath: directory.path("duckdb.parquet"))
        let expected = attempts + later
        let found = try ParquetTable(path: directory.path).recordedAttempts()
        #expect(found.count == expected.count + 80)
        #expect(Set(found) == Set(expected))
        #expect(found.map(\.arrivedAt) == found.map(\.arrivedAt).sorted())
    }

    @Test func badRowsOfAllFilesAreCounted() throws {
        for name in ["a.parquet", "b.parquet"] {
            try FileManager.default.copyItem(atPath: fixture("pyarrow-bad.parquet"), toPath: directory.path(name))
        }
        #expect(throws: TraceError.self) { try ParquetTable(path: directory.path).recordedAttempts() }
        var options = RecordingOptions()
        options.onError = .skip
        let table = try ParquetTable(path: directory.path, options: options)
        #expect(try table.recordedAttempts().count == 2 * (ForeignRow.count - 5))
        let rejected = try #require(table.rejectedRows)
        #expect(rejected.count == 10)
        #expect(
            rejected.examples.map(\.file) == Array(repeating: directory.path("a.parquet"), count: 5)
                + Array(repeating: directory.path("b.parquet"), count: 5))
    }
}
