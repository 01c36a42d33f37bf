import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

/// Directories that other programs wrote: Fixtures/make.
@Suite struct ForeignTableTests {
    private let directory = TemporaryDirectory()

    /// The rows of all files, in order of time.
    private func attempts(_ path: String, _ options: RecordingOptions = RecordingOptions()) throws -> [RecordedAttempt]
    {
        let table = try RecordedParquetTable(directory: path, options: options, PosixSystem())
        var slice = TraceSlice()
        let attempts = try table.sources.flatMap { source in
            try source.read(into: &slice)
            let arrivals = try #require(source.arrivals)
            #expect(slice.arrivedAt.allSatisfy { arrivals.contains($0) })
            return slice.recordedAttempts
        }
        return attempts.sorted { $0.arrivedAt < $1.arrivedAt }
    }

    @Test(arguments: ["spark", "spark-zstd", "spark-hive", "delta", "delta-json"])
    func readsTheSameRows(_ name: String) throws {
        #expect(try attempts(fixture(name)) == ForeignRow.attempts(hasNulls: true))
    }

    @Test func readsWhatSparkWritesInItsSecondVersion() throws {
        #expect(try attempts(fixture("spark-v2")) == ForeignRow.attempts(unitUs: 1000, hasNulls: true))
    }

    @Test func namesOfDirectoriesAreColumns() throws {
        #expect(try attempts(fixture("pyarrow-hive")) == ForeignRow.attempts())
    }

    @Test func hiddenFilesAreNoData() throws {
        try FileManager.default.createDirectory(
            atPath: directory.path("a/_temporary/b"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: fixture("polars.parquet"), toPath: directory.path("a/part-0.snappy.parquet"))
        for name in ["_SUCCESS", ".part-0.crc", "a/_metadata", "a/_temporary/b/part-1.parquet"] {
            _ = try directory.file(name, "no Parquet".utf8)
        }
        #expect(try attempts(directory.path) == ForeignRow.attempts())
    }

    @Test func whatIsNoParquetIsNamed() throws {
        let path = try directory.file("readme.txt", "not at all a Parquet file".utf8)
        let error = try #require(throws: TraceError.self) { try attempts(directory.path) }
        guard case .recording(let problem) = error else { return #expect(Bool(false), "\(error)") }
        #expect(problem.file == path)
    }

    @Test func nothingIsNoTable() throws {
        #expect(throws: TraceError.self) { try attempts(directory.path) }
    }

    @Test func linksThatLeadBackEnd() throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("back"), withDestinationPath: directory.path)
        let error = try #require(throws: TraceError.self) { try attempts(directory.path) }
        #expect("\(error)".contains("a link may lead back"))
    }

    @Test func nullPartitionsAreNull() throws {
        var options = RecordingOptions()
        options.mapping = try RecordingMapping("source=campaign,platform=device")
        try FileManager.default.createDirectory(
            atPath: directory.path("campaign=__HIVE_DEFAULT_PARTITION__/device=a%20b"),
            withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: fixture("polars.parquet"),
            toPath: directory.path("campaign=__HIVE_DEFAULT_PARTITION__/device=a%20b/0.parquet"))
        let attempts = try attempts(directory.path, options)
        #expect(attempts.count == ForeignRow.count)
        #expect(attempts.allSatisfy { $0.registration.source == "unknown" && $0.registration.platform == "a b" })
    }

    @Test func fingerprintsTellTablesApart() throws {
        var fingerprints = Set<UInt64>()
        for name in ["spark", "spark-hive", "delta", "delta-json", "pyarrow-hive"] {
            for _ in 0..<2 {
                let path = try fixture(name)
                let table = try RecordedParquetTable(directory: path, options: RecordingOptions(), PosixSystem())
                fingerprints.insert(table.fingerprint)
            }
        }
        #expect(fingerprints.count == 5)
    }

    /// A Delta log of one version of these lines; returns what is wrong with the table.
    private func problem(_ lines: [String]) throws -> String {
        try FileManager.default.createDirectory(
            atPath: directory.path("_delta_log"), withIntermediateDirectories: true)
        _ = try directory.file("_delta_log/00000000000000000000.json", lines.joined(separator: "\n").utf8)
        let error = try #require(throws: TraceError.self) { try attempts(directory.path) }
        return "\(error)"
    }

    private static let versions = #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#

    @Test func tablesThatAskForMoreAreRefused() throws {
        let add = #"{"add":{"path":"a","partitionValues":{"p":null},"size":1,"#
        #expect(
            try problem([
                Self.versions, add + #""deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1}}}"#,
            ])
            .contains("deletion vector"))
        #expect(
            try problem([#"{"protocol":{"minReaderVersion":3,"readerFeatures":["telepathy"]}}"#]).contains("telepathy"))
        #expect(try problem([#"{"protocol":{"minReaderVersion":4}}"#]).contains("reader version 4"))
        #expect(
            try problem([Self.versions, #"{"metaData":{"configuration":{"delta.columnMapping.mode":"name"}}}"#])
                .contains("mapped by name"))
    }

    @Test(arguments: ["/etc/passwd", "../t.parquet", "a/%2e%2e/%2E%2e/t", "file:///etc/passwd", "s3://bucket/t", ""])
    func filesOutsideOfTheTableAreRefused(_ path: String) throws {
        let problem = try problem([Self.versions, #"{"add":{"path":"\#(path)","size":1}}"#])
        #expect(problem.contains("is not within the table's directory"))
    }

    @Test func logsThatMakeNoSenseAreErrors() throws {
        #expect(try problem([Self.versions, "{"]).contains("line 2 is no action"))
        #expect(try problem([]).contains("names a protocol"))
        _ = try directory.file("_delta_log/00000000000000000002.json", Self.versions.utf8)
        #expect(try problem([Self.versions]).contains("version 1 is missing"))
    }

    @Test func deletedRowsOfAFileThatIsGoneDoNotMatter() throws {
        let vector = #""deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1}"#
        let problem = try problem([
            Self.versions, #"{"add":{"path":"a",\#(vector)}}"#, #"{"remove":{"path":"a"}}"#,
            #"{"add":{"path":"a"}}"#, #"{"remove":{"path":"a",\#(vector)}}"#, #"{"remove":{"path":"a"}}"#,
        ])
        #expect(problem.contains("no Parquet file"))
    }
}
