import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct CSVGzipTests {
    private let directory = TemporaryDirectory()

    private func recording(
        _ bytes: [UInt8], as name: String = "t.csv.gz", onError: BadRowPolicy = .stop, partBytes: Int = 10_000
    ) throws -> CSVRecording {
        var options = RecordingOptions()
        options.onError = onError
        return try CSVRecording(path: try directory.file(name, bytes), options: options, partBytes: partBytes)
    }

    private func text(_ attempts: [RecordedAttempt]) throws -> [UInt8] {
        try writeRecording(attempts, to: directory.path("plain.csv"))
        return try directory.bytes("plain.csv")
    }

    @Test func compressedIsReadAsPlainIs() throws {
        let attempts = randomRecording(3000)
        let text = try text(attempts)
        let halves = [Array(text[..<70_000]), Array(text[70_000...])]
        let plain = try CSVRecording(path: directory.path("plain.csv"), partBytes: 10_000)
        for (bytes, name) in [(gzip([text]), "t.csv.gz"), (gzip(halves, level: 1), "t.csv"), (text, "t.csv.gz")] {
            let recording = try recording(bytes, as: name)
            #expect(try recording.recordedAttempts() == attempts)
            #expect(recording.fingerprint == plain.fingerprint)
            #expect(recording.sliceCount == plain.sliceCount)
        }
    }

    @Test func slicesAreReadInAnyOrderByAnyThread() throws {
        let attempts = randomRecording(5000)
        let recording = try recording(gzip([text(attempts)]))
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

    @Test func openTraceKnowsTheName() throws {
        let path = try directory.file("Day.CSV.GZ", gzip([text(RecordedAttempt.samples)]))
        #expect(try openTrace(path).expectedAttempts == RecordedAttempt.samples.count)
        let other = try directory.file("day.tar.gz", gzip([[]]))
        #expect(throws: TraceError.self) { try openTrace(other) }
    }

    @Test func damageIsAnErrorThatNamesThePlace() throws {
        let whole = gzip([try text(randomRecording(2000))])
        var flipped = whole
        flipped[whole.count - 6] ^= 1
        for bytes in [Array(whole.dropLast(9)), flipped, whole + [7]] {
            // A bad row is left out; damage never is.
            let error = #expect(throws: TraceError.self) { try recording(bytes, onError: .skip) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("t.csv.gz: at byte"))
        }
    }

    @Test func bombsAreRefusedInBoundedMemory() throws {
        let header = Array("registered_at,identity,country\n".utf8)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20)
        let bomb = gzip([header, line])
        try #require(bomb.count < 10_000)
        let error = #expect(throws: TraceError.self) { try recording(bomb, partBytes: 1 << 16) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("row of over"))
        // Left out, it is one row.
        let good = Array("\n2021-10-04,1,BR\n".utf8)
        let survived = try recording(gzip([header, line, good]), onError: .skip, partBytes: 1 << 16)
        #expect(try survived.recordedAttempts().map(\.registration.identity.rawValue) == [1])
        #expect(survived.rejectedRows?.count == 1)
        #expect(survived.rejectedRows?.examples.first?.row == 2)
    }

    @Test func emptyLinesAndMembersWithoutEndAreNothing() throws {
        let header = Array("registered_at,identity,country\n".utf8)
        let lines = [UInt8](repeating: .lineFeed, count: 1 << 20)
        let empty = [[UInt8]](repeating: [], count: 2000)
        let recording = try recording(gzip([header, lines] + empty))
        #expect(recording.sliceCount == 0 && recording.expectedAttempts == 0)
    }
}
