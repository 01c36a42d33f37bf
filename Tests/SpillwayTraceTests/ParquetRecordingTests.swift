import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct ParquetRecordingTests {
    private let directory: TemporaryDirectory

    init() { directory = TemporaryDirectory() }

    @Test func whatIsWrittenIsRead() throws {
        var samples = RecordedAttempt.samples
        samples[8].arrivedAt = Timestamp(rawValue: samples[7].arrivedAt.rawValue)
        samples[1].registration.registeredAt = Timestamp(rawValue: .min)
        let path = directory.path + "/t.parquet"
        try writeRecording(samples, to: path)
        let recording = try ParquetRecording(path: path)
        #expect(try recording.recordedAttempts() == samples)
        #expect(recording.expectedAttempts == samples.count)
        #expect(try directory.names == ["t.parquet"])
    }

    @Test func rowGroupsAreSlices() throws {
        let rows = ParquetRecordingEncoder.rowGroupRows
        let attempts = randomRecording(rows + 1000)
        let path = directory.path + "/t.parquet"
        try writeRecording(attempts, to: path, sliceRows: 100_000)
        let recording = try ParquetRecording(path: path)
        try #require(recording.sliceCount == 2)
        var slice = TraceSlice()
        try recording.readSlice(1, into: &slice)
        #expect(slice.recordedAttempts == Array(attempts[rows...]))
        try recording.readSlice(0, into: &slice)
        #expect(slice.recordedAttempts == Array(attempts[..<rows]))
    }

    @Test func nothingInNothingOut() throws {
        try writeRecording([], to: directory.path + "/t.parquet")
        #expect(try ParquetRecording(path: directory.path + "/t.parquet").recordedAttempts().isEmpty)
        try writeRecording([], to: directory.path + "/t.csv")
        #expect(try CSVRecording(path: directory.path + "/t.csv").recordedAttempts().isEmpty)
    }

    /// A file of one row group with these columns, each of them three zeros or countries; its footer may claim
    /// more rows.
    private func file(_ columns: [(String, ColumnType)], claimedRows: Int = 3, createdBy: String = "test") throws
        -> String
    {
        let rows = 3
        let schema = ParquetSchema(columns: columns.map { ParquetColumn(name: $0.0, type: $0.1) })
        var encoder = RowGroupEncoder(schema: schema)
        var output = ByteBuffer()
        output.append(ParquetFooter.magic)
        encoder.begin(rowCount: rows)
        for (index, (_, type)) in columns.enumerated() {
            switch type.physicalType {
            case .int64:
                [Int64](repeating: 0, count: rows).withUnsafeBufferPointer {
                    encoder.append(int64: $0, to: index)
                }
            case .int32:
                [Int32](repeating: 0, count: rows).withUnsafeBufferPointer {
                    encoder.append(int32: $0, to: index)
                }
            case .byteArray:
                [UInt16](repeating: 0, count: rows).withUnsafeBufferPointer {
                    encoder.encode(codes: $0, names: ["BR"], as: index)
                }
            }
        }
        var group = encoder.finish(into: &output).rebased(by: 4)
        group.rowCount = claimedRows
        for column in group.columns.indices { group.columns[column].valueCount = claimedRows }
        let footer = ParquetFooter(schema: schema, rowGroups: [group], createdBy: createdBy)
        footer.serialize(at: UInt64(output.count), into: &output)
        return try directory.file("t.parquet", output.withUnsafeBytes { Array($0) })
    }

    private static let required = RecordingColumn.allCases.filter { $0 != .region && $0 != .arrivedAt }.map {
        ($0.rawValue, $0.type)
    }

    @Test func otherColumnsAndOrdersAreFine() throws {
        let path = try file([("extra", .int32)] + Self.required.reversed())
        let attempts = try ParquetRecording(path: path).recordedAttempts()
        #expect(attempts.count == 3)
        #expect(
            attempts.allSatisfy { $0.registration.country == Country("BR") && $0.arrivedAt.rawValue == 0 })
    }

    @Test func columnsThatDoNotFitAreNamed() throws {
        for (index, (name, type)) in Self.required.enumerated() {
            var columns = Self.required
            columns.remove(at: index)
            if ["registered_at", "identity", "country"].contains(name) {
                try expectError(column: name, problem: "is missing") { try ParquetRecording(path: file(columns)) }
            }
            // Any of the others is one that a number cannot be, or a time.
            columns.append((name, type == .string ? .int32 : type == .timestampMicros ? .string : .timestampMicros))
            if name == "registered_at" { continue }
            try expectError(column: name, problem: "is of type") {
                try ParquetRecording(path: file(columns))
            }
        }
    }

    private func expectError(
        column: String, problem: String, _ body: () throws -> ParquetRecording
    ) throws {
        do {
            _ = try body()
            Issue.record("no error for \(column)")
        } catch TraceError.recording(let error) {
            #expect(error.column == column)
            #expect(error.problem.contains(problem), "\(error)")
        }
    }

    @Test func hugeRowGroupsAreRefusedBeforeTheyAreRead() throws {
        let path = try file(Self.required, claimedRows: 1 << 24 + 1)
        #expect(throws: TraceError.self) { try ParquetRecording(path: path) }
    }

    @Test func filesCutShortAreErrors() throws {
        try writeRecording(RecordedAttempt.samples, to: directory.path + "/whole.parquet")
        let bytes = try directory.bytes("whole.parquet")
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let path = try directory.file("t.parquet", bytes.prefix(count))
            #expect(throws: TraceError.self) { try ParquetRecording(path: path) }
        }
    }

    @Test func damagedFilesNeverTrap() throws {
        try writeRecording(RecordedAttempt.samples, to: directory.path + "/whole.parquet")
        let bytes = try directory.bytes("whole.parquet")
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x55
            let path = try directory.file("t.parquet", damaged)
            _ = try? ParquetRecording(path: path).recordedAttempts()
        }
    }

    @Test func fingerprintTellsContentsApart() throws {
        let path = directory.path + "/t.parquet"
        var seen = Set<UInt64>()
        for attempts in [
            RecordedAttempt.samples, RecordedAttempt.samples + RecordedAttempt.samples,
            [RecordedAttempt.samples[0]], [],
        ] {
            try writeRecording(attempts, to: path)
            #expect(seen.insert(try ParquetRecording(path: path).fingerprint).inserted)
            #expect(!seen.insert(try ParquetRecording(path: path).fingerprint).inserted)
        }
    }

    @Test(arguments: ["t.parquet", "t.csv"]) func unfinishedRecordingsLeaveNothing(name: String) throws {
        let old = try directory.file(name, "old".utf8)
        var writer: RecordingWriter? = try RecordingWriter(path: old)
        try writer?.append(TraceSlice(RecordedAttempt.samples))
        #expect(try directory.names.count == 2)
        writer = nil
        #expect(try directory.names == [name])
        #expect(try directory.bytes(name) == Array("old".utf8))
    }

    @Test func otherEndingsAreNoRecordings() {
        #expect(throws: TraceError.self) { try RecordingWriter(path: directory.path + "/t.json") }
    }
}
