import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct CSVRecordingTests {
    private let directory: TemporaryDirectory
    private static let header = "registered_at,identity,country,platform,source,latency_us"
    private static let row = "2021-10-04T15:40:00Z,1,BR,ios,organic,5"

    init() { directory = TemporaryDirectory() }

    private func recording(_ text: String, partBytes: Int = 4096) throws -> CSVRecording {
        try CSVRecording(path: try directory.file("t.csv", text.utf8), partBytes: partBytes)
    }

    @Test(arguments: [256, 1000, 4 << 20]) func whatIsWrittenIsRead(partBytes: Int) throws {
        try writeRecording(RecordedAttempt.samples, to: directory.path + "/t.csv")
        let recording = try CSVRecording(path: directory.path + "/t.csv", partBytes: partBytes)
        #expect(try recording.recordedAttempts() == RecordedAttempt.samples)
        #expect(recording.expectedAttempts == RecordedAttempt.samples.count)
        #expect(try directory.names == ["t.csv"])
    }

    @Test func columnsComeInAnyOrderAndRegionIsNotRead() throws {
        let text = """
            source,region,latency_us,identity,platform,registered_at,country
            "organic",Nowhere,250000,-1,ios,2021-10-04T15:30:00.000001+00:00,BR
            organic,,250000,18446744073709551615,"ios",2021-10-04 17:30:00.000001+02:00,BR
            """
        let expected = RecordedAttempt.at(1, .max)
        #expect(try recording(text).recordedAttempts() == [expected, expected])
    }

    @Test(arguments: ["\n", "\r\n"]) func linesEndInEither(end: String) throws {
        let text = RecordedAttempt.samples.indices.map {
            "2021-10-04T15:30:00Z,\($0),BR,ios,\"organic\",250000"
        }
        let expected = RecordedAttempt.samples.indices.map { RecordedAttempt.at(0, UInt64($0)) }
        let lines = ([Self.header] + text).joined(separator: end)
        for whole in [lines, lines + end, "\u{feff}" + lines + end + end] {
            // Every size cuts the file in other places.
            for partBytes in 110..<180 {
                #expect(try recording(whole, partBytes: partBytes).recordedAttempts() == expected)
            }
        }
    }

    @Test func partsDoNotDependOnWhoReadsThem() throws {
        let attempts = randomRecording(5000)
        try writeRecording(attempts, to: directory.path + "/t.csv")
        let recording = try CSVRecording(path: directory.path + "/t.csv", partBytes: 10_000)
        try #require(recording.sliceCount > 20)
        let slices = Monitor([Int: [RecordedAttempt]]())
        try concurrentPerform(recording.sliceCount, threads: 4) { index in
            var slice = TraceSlice()
            let backwards = recording.sliceCount - 1 - index
            try recording.readSlice(backwards, into: &slice)
            slices.withLock { $0[backwards] = slice.recordedAttempts }
        }
        let found = slices.withLock { slices in (0..<recording.sliceCount).flatMap { slices[$0] ?? [] } }
        #expect(found == attempts)
    }

    @Test func arrivalsNeverGoBack() throws {
        let seconds = [5, 3, 9, 1, 0, 10, 2]
        let rows = seconds.map { "2021-10-04T15:30:\($0 < 10 ? "0" : "")\($0)Z,1,BR,ios,organic,5" }
        let text = ([Self.header] + rows).joined(separator: "\n")
        let arrivals = try recording(text, partBytes: 100).recordedAttempts().map(\.arrivedAt.rawValue)
        let hour = RecordedAttempt.at(0, 0).arrivedAt.rawValue
        #expect(arrivals.map { ($0 - hour) / 1_000_000 } == [5, 5, 9, 9, 9, 10, 10])
    }

    @Test func whatTheEngineRefusesIsNoError() throws {
        let times = "2021-10-04T15:30:00Z"
        let text = """
            \(Self.header)
            \(times),1,ZZ,ios,organic,0
            \(times),1,br,ios,organic,2147483648
            \(times),1,,,organic,-5
            \(times),1,BRA,ios,\(String(repeating: "x", count: 256)),99999999999999999999999
            """
        let attempts = try recording(text).recordedAttempts().map(\.registration)
        #expect(attempts.allSatisfy { $0.country == .unknown })
        #expect(attempts.map(\.latencyUs) == [0, -1, -1, -1])
        #expect(attempts[2].platform == .invalid && attempts[3].source == .invalid)
    }

    struct Bad: Sendable {
        var text: String
        var row: Int?
        var column: String?
        var problem: String
    }

    @Test(arguments: [
        Bad(text: "", row: 1, column: nil, problem: "empty"),
        Bad(text: "identity,colour", row: 1, problem: "registered_at is missing among identity, colour"),
        Bad(text: "registered_at,identity,identity", row: 1, problem: "identity is there twice"),
        Bad(text: "registered_at,identity,land", row: 1, problem: "country is missing"),
        Bad(text: "registered_at;identity;country", row: 1, problem: "';' between them"),
        Bad(text: "registered_at\tidentity\tcountry", row: 1, problem: "tabs between them"),
        Bad(text: "\(header)\n\(row)\n\(row),6", row: 3, problem: "more than 6 fields"),
        Bad(
            text: "\(header)\n\(row)\n\n2021-10-04T15:40:00Z,1,BR", row: 4, problem: "3 fields where 6 are wanted"),
        Bad(
            text: "\(header)\nyesterday,1,BR,ios,x,5", row: 2, column: "registered_at", problem: "'yesterday'"
        ),
        Bad(
            text: "\(header)\n2021-02-29T00:00:00Z,1,BR,ios,x,5", row: 2, column: "registered_at",
            problem: "time"),
        Bad(
            text: "\(header)\n\(row)\n2021-10-04T24:00:00Z,1,BR,ios,x,5", row: 3, column: "registered_at",
            problem: "time"),
        Bad(
            text: "\(header)\n2021-10-04,18446744073709551616,BR,ios,x,5", row: 2, column: "identity",
            problem: "64 bits"),
        Bad(
            text: "\(header)\n2021-10-04,-9223372036854775809,BR,ios,x,5", row: 2, column: "identity",
            problem: "64 bits"),
        Bad(text: "\(header)\n2021-10-04,,BR,ios,x,5", row: 2, column: "identity", problem: "''"),
        Bad(text: "\(header)\n2021-10-04,-,BR,ios,x,5", row: 2, column: "identity", problem: "'-'"),
        Bad(text: "\(header)\n2021-10-04,1,BR,ios,x,1.5", row: 2, column: "latency_us", problem: "'1.5'"),
        Bad(
            text: "\(header)\n2021-10-04,1,BR,i\"os,x,5", row: 2, column: "platform", problem: "quote inside"),
        Bad(
            text: "\(header)\n2021-10-04,1,BR,\"ios\"x,x,5", row: 2, column: "platform",
            problem: "after the closing"),
        Bad(
            text: "\(header)\n2021-10-04,1,BR,\"ios,x,5\n\(row)", row: 2, column: "platform",
            problem: "without a closing"),
        Bad(
            text: "\(header)\n2021-10-04,1,BR,i\ros,x,5", row: 2, column: "platform",
            problem: "carriage return"),
        Bad(
            text: "\(header)\n2021-10-04,1,BR,\"i\no\",x,5\n\(row)\n2021-10-04,x,BR,ios,x,5", row: 5,
            column: "identity", problem: "'x'"),
    ]) func badRowsAreErrors(bad: Bad) throws {
        for partBytes in [150, 4096] {
            do {
                _ = try recording(bad.text, partBytes: partBytes).recordedAttempts()
                Issue.record("no error")
            } catch TraceError.recording(let error) {
                #expect(error.file.hasSuffix("/t.csv"))
                #expect(error.row == bad.row && error.column == bad.column, "\(error)")
                #expect(error.problem.contains(bad.problem), "\(error)")
            }
        }
    }

    @Test func labelsAreUTF8() throws {
        let bytes = Array("\(Self.header)\n2021-10-04,1,BR,".utf8) + [0xc3, 0x28] + Array(",x,5\n".utf8)
        let recording = try CSVRecording(path: try directory.file("t.csv", bytes))
        #expect(throws: TraceError.self) { try recording.recordedAttempts() }
    }

    @Test func rowsHaveALimit() throws {
        let text = "\(Self.header)\n2021-10-04,1,BR,\"\(String(repeating: "x\n", count: 300))"
        #expect(throws: TraceError.self) { try recording(text, partBytes: 200) }
    }

    @Test func fingerprintCoversEveryByte() throws {
        let text = "\(Self.header)\n\(Self.row)\n\(Self.row)\n"
        var seen: Set<UInt64> = [try recording(text).fingerprint]
        #expect(seen.contains(try recording(text, partBytes: 100).fingerprint))
        for other in [text + "\n", text + Self.row, text.replacing("ios", with: "web", maxReplacements: 1)] {
            #expect(seen.insert(try recording(other).fingerprint).inserted)
        }
    }

    @Test func fileThatShrinksIsAnError() throws {
        let recording = try recording("\(Self.header)\n\(Self.row)\n\(Self.row)\n")
        _ = try self.recording("\(Self.header)\n\(Self.row)\n")
        #expect(throws: TraceError.self) { try recording.recordedAttempts() }
    }

    @Test func timesThatRFC3339LacksAreNotWritten() throws {
        let writer = try RecordingWriter(path: directory.path + "/t.csv")
        var attempt = RecordedAttempt.at(0, 1)
        attempt.arrivedAt = Timestamp(rawValue: .max)
        #expect(throws: TraceError.self) { try writer.append(TraceSlice([attempt])) }
    }
}
