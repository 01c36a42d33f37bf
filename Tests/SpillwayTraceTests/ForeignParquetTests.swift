import Foundation
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

/// Files that other programs wrote: Fixtures/make.
@Suite struct ForeignParquetTests {
    @Test(arguments: [
        "pandas", "pyarrow", "polars", "duckdb", "pyarrow-zstd", "pyarrow-gzip", "pyarrow-lz4", "pyarrow-none",
        "pyarrow-v2", "pyarrow-plain", "pyarrow-pages", "pyarrow-required", "pyarrow-delta", "pyarrow-int96",
        "pyarrow-ns", "pyarrow-nested",
    ])
    func readsTheSameRows(_ name: String) throws {
        let recording = try ParquetRecording(path: fixture("\(name).parquet"))
        #expect(try recording.recordedAttempts() == ForeignRow.attempts())
        #expect(recording.expectedAttempts == ForeignRow.count)
    }

    @Test(arguments: [
        "pandas-nulls", "pyarrow-nulls", "pyarrow-nulls-v2", "polars-nulls", "duckdb-nulls", "duckdb-v2", "duckdb-lz4",
    ])
    func nullsStandForWhatIsNotKnown(_ name: String) throws {
        let recording = try ParquetRecording(path: fixture("\(name).parquet"))
        #expect(try recording.recordedAttempts() == ForeignRow.attempts(hasNulls: true))
    }

    @Test(arguments: [("pyarrow-s", 1_000_000), ("pyarrow-ms", 1000)])
    func coarseTimesAreWhatTheyAre(_ name: String, _ unitUs: Int64) throws {
        let recording = try ParquetRecording(path: fixture("\(name).parquet"))
        #expect(try recording.recordedAttempts() == ForeignRow.attempts(unitUs: unitUs))
    }

    @Test func unsignedNumbersKeepTheirBits() throws {
        let large = try ParquetRecording(path: fixture("pyarrow-uint64.parquet")).recordedAttempts()
        let identities = ForeignRow.attempts().map { $0.registration.identity.rawValue }
        #expect(large.map { $0.registration.identity.rawValue } == identities.map { $0 + 1 << 63 })
        let small = try ParquetRecording(path: fixture("pyarrow-uint32.parquet")).recordedAttempts()
        #expect(small.map { $0.registration.identity.rawValue } == (0..<200).map { 1 << 31 + $0 })
        #expect(small.map { $0.registration.latencyUs } == Array(0..<200))
    }

    @Test func columnsOfNothingAreNull() throws {
        let expected = ForeignRow.attempts().map { attempt in
            var attempt = attempt
            (attempt.registration.source, attempt.registration.latencyUs) = ("unknown", 0)
            return attempt
        }
        let path = try fixture("pyarrow-nothing.parquet")
        #expect(try ParquetRecording(path: path).recordedAttempts() == expected)
        var options = RecordingOptions()
        options.mapping = try RecordingMapping("identity=source")
        #expect(throws: TraceError.self) { try ParquetRecording(path: path, options: options).recordedAttempts() }
    }

    @Test func digitsShowTheUnitOfIntegers() throws {
        let recording = try ParquetRecording(path: fixture("pyarrow-epoch.parquet"))
        #expect(try recording.recordedAttempts() == ForeignRow.attempts(unitUs: 1000))
    }

    @Test func columnsMayHaveOtherNamesAndBeTexts() throws {
        var options = RecordingOptions()
        options.mapping = try RecordingMapping("identity=phone,registeredAt=created_at,source==import")
        let attempts = try ParquetRecording(path: fixture("pyarrow-names.parquet"), options: options)
            .recordedAttempts()
        let expected = ForeignRow.attempts().map { attempt in
            var attempt = attempt
            (attempt.registration.platform, attempt.registration.source) = ("unknown", "import")
            attempt.registration.latencyUs = 0
            return attempt
        }
        #expect(attempts == expected)
    }

    @Test func identitiesMayBeHashes() throws {
        var options = RecordingOptions()
        let key = SipKey(1, 2)
        options.identities = .hash(key)
        let numbers = try ParquetRecording(path: fixture("polars.parquet"), options: options).recordedAttempts()
        options.mapping = try RecordingMapping("identity=phone,registeredAt=created_at")
        let texts = try ParquetRecording(path: fixture("pyarrow-names.parquet"), options: options).recordedAttempts()
        for (row, expected) in ForeignRow.attempts().enumerated() {
            let number = expected.registration.identity.rawValue
            #expect(numbers[row].registration.identity == Identity(hashing: "\(number)", key: key))
            #expect(texts[row].registration.identity == Identity(hashing: "+\(number)", key: key))
        }
    }

    @Test func partsOfGroupsMayBeAsked() throws {
        var options = RecordingOptions()
        options.mapping = try RecordingMapping("identity=user.phone")
        options.onError = .skip
        let recording = try ParquetRecording(path: fixture("pyarrow-nested.parquet"), options: options)
        #expect(try recording.recordedAttempts() == ForeignRow.attempts())
    }

    @Test func theFirstBadRowStopsTheReading() throws {
        let recording = try ParquetRecording(path: fixture("pyarrow-bad.parquet"))
        let error = try #require(throws: TraceError.self) { try recording.recordedAttempts() }
        guard case .recording(let problem) = error else { return #expect(Bool(false), "\(error)") }
        #expect(problem.row == 4)
        #expect(problem.column == "registered_at")
        #expect(problem.problem.hasPrefix("is null; a timestamp"))
    }

    @Test func badRowsAreLeftOutAndReported() throws {
        var options = RecordingOptions()
        options.onError = .skip
        let recording = try ParquetRecording(path: fixture("pyarrow-bad.parquet"), options: options)
        let bad: Set = [3, 5, 7, 9, 11]
        let attempts = try recording.recordedAttempts()
        #expect(attempts == ForeignRow.attempts().enumerated().filter { !bad.contains($0.offset) }.map(\.element))
        // Once again, which is not to be counted.
        _ = try recording.recordedAttempts()
        let rejected = try #require(recording.rejectedRows)
        #expect(rejected.count == 5)
        #expect(rejected.examples.map(\.row) == [4, 6, 8, 10, 12])
        #expect(
            rejected.examples.map(\.column) == ["registered_at", "identity", "identity", "country", "latency_us"])
        #expect(rejected.examples.map(\.problem)[1].hasPrefix("found '12 34'; a whole number of 64 bits"))
        #expect(rejected.examples.map(\.problem)[4] == "found 0.5; a whole number is wanted")
    }

    @Test(arguments: [
        ("identity=tags.list.element", "is a list"), ("identity=nothing", "is missing: there are registered_at"),
        ("identity=user.flags.list.element", "is a list"), ("country=latency_us", "is of type integer"),
        ("identity=registered_at", "is of type timestamp"),
    ])
    func whatDoesNotFitIsSaid(_ mapping: String, _ problem: String) throws {
        var options = RecordingOptions()
        options.mapping = try RecordingMapping(mapping)
        let error = try #require(throws: TraceError.self) {
            try ParquetRecording(path: fixture("pyarrow-nested.parquet"), options: options)
        }
        guard case .recording(let found) = error else { return #expect(Bool(false), "\(error)") }
        #expect(found.problem.hasPrefix(problem), "\(found)")
    }

    @Test func otherOptionsMakeAnotherTrace() throws {
        var fingerprints = Set<UInt64>()
        for identities in [IdentityForm.number, .hash(SipKey(1, 2)), .hash(SipKey(1, 3))] {
            for mapping in ["source=source", "source==a", "source==b"] {
                for policy in BadRowPolicy.allCases {
                    var options = RecordingOptions()
                    options.identities = identities
                    options.mapping = try RecordingMapping(mapping)
                    options.onError = policy
                    let path = try fixture("polars.parquet")
                    fingerprints.insert(try ParquetRecording(path: path, options: options).fingerprint)
                    fingerprints.insert(try ParquetRecording(path: path, options: options).fingerprint)
                }
            }
        }
        #expect(fingerprints.count == 18)
    }

    @Test(arguments: ["pyarrow-nulls-v2", "pyarrow-delta", "duckdb-v2", "pyarrow-gzip", "polars"])
    func damageNeverTraps(_ name: String) throws {
        let directory = TemporaryDirectory()
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: fixture("\(name).parquet"))))
        // Each byte would take minutes; strides of a prime come to all kinds of them.
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] ^= UInt8(truncatingIfNeeded: mix(UInt64(index)) | 1)
            let path = try directory.file("t.parquet", damaged)
            _ = try? ParquetRecording(path: path).recordedAttempts()
        }
    }
}
