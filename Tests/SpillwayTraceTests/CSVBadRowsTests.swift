import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct CSVBadRowsTests {
    private let directory = TemporaryDirectory()
    private static let header = "registered_at,identity,country,platform\n"

    private func recording(
        _ bytes: some Sequence<UInt8>, onError: BadRowPolicy = .skip, partBytes: Int = 4096
    ) throws -> CSVRecording {
        var options = RecordingOptions()
        options.onError = onError
        return try CSVRecording(path: try directory.file("t.csv", bytes), options: options, partBytes: partBytes)
    }

    /// What is left, by identity, and where the rows were that were left out, with their columns.
    private func read(_ recording: CSVRecording) throws -> (identities: [UInt64], rejected: [String]) {
        let identities = try recording.recordedAttempts().map(\.registration.identity.rawValue)
        let examples = recording.rejectedRows?.examples ?? []
        #expect(examples.count == min(recording.rejectedRows?.count ?? 0, RejectedRows.maximumExamples))
        #expect(recording.expectedAttempts == identities.count)
        return (identities, examples.map { "\($0.row ?? 0) \($0.column ?? "-")" })
    }

    @Test func goodRowsAmongBadOnesAreRead() throws {
        let text =
            Self.header + """
                2021-10-04,1,BR,ios
                yesterday,2,BR,ios
                2021-10-04,3,BR,ios,extra
                2021-10-04,4,BR

                2021-10-04,five,BR,ios
                2021-10-04,6,BR,"i
                os"
                2021-10-04,"7"x,BR,ios
                2021-10-04,8,BR,i"os
                2021-10-04,9,BR,ios\r
                2021-10-04,10,B\rR,ios
                2021-10-04,11,BR,"i""os"
                nonsense
                """
        // Every size cuts the file in other places.
        for partBytes in 64..<300 {
            let (identities, rejected) = try read(recording(text.utf8, partBytes: partBytes))
            #expect(identities == [1, 6, 9, 11])
            #expect(
                rejected == [
                    "3 registered_at", "4 -", "5 -", "7 identity", "10 identity", "11 platform", "13 country",
                    "15 -",
                ], "parts of \(partBytes)")
        }
    }

    @Test func reasonsSayWhatWasFoundAndWhatIsAllowed() throws {
        let text = Self.header + "2021-10-04,x,BR,ios\n2021-10-04,1\nnever,1,BR,ios\n"
        let recording = try recording(text.utf8)
        _ = try recording.recordedAttempts()
        let problems = recording.rejectedRows?.examples.map(\.problem) ?? []
        #expect(problems.count == 3)
        #expect(problems.first?.hasPrefix("'x' is no integer of 64 bits") == true)
        #expect(problems.dropFirst().first == "2 fields where 4 are wanted")
        #expect(problems.last?.contains("2021-10-04T15:40:00") == true)
    }

    @Test func stopIsTheDefault() throws {
        let text = Self.header + "2021-10-04,1,BR,ios\n2021-10-04,x,BR,ios\n"
        let path = try directory.file("t.csv", text.utf8)
        #expect(try CSVRecording(path: path).rejectedRows == nil)
        #expect(throws: TraceError.self) { try CSVRecording(path: path).recordedAttempts() }
    }

    @Test func rowsLeftOutDelayNoOthers() throws {
        let late = "2099-01-01,x,BR,ios\n"
        let text = Self.header + String(repeating: late + "2021-10-04,1,BR,ios\n" + late, count: 30)
        let attempts = try recording(text.utf8, partBytes: 100).recordedAttempts()
        #expect(attempts.count == 30)
        #expect(attempts.allSatisfy { $0.arrivedAt == $0.registration.registeredAt })
    }

    @Test func slicesCountTheirOwn() throws {
        let text = Self.header + (0..<300).map { "2021-10-04,\($0 % 3 == 0 ? "x" : "1"),BR,ios\n" }.joined()
        let recording = try recording(text.utf8, partBytes: 500)
        let rejected = try #require(recording.rejectedRows)
        #expect(rejected.count == 0)
        var slice = TraceSlice()
        try recording.readSlice(1, into: &slice)
        let ofOne = rejected.count
        #expect(ofOne > 0 && ofOne < 20)
        // Its rows are counted once.
        _ = try recording.recordedAttempts()
        #expect(rejected.count == 100)
        #expect(rejected.examples.map(\.row) == (0..<20).map { 2 + 3 * $0 })
    }

    @Test func slicesMayHaveNothingButBadRows() throws {
        let bad = String(repeating: "2021-10-04,x,BR,ios\n", count: 40)
        let text = Self.header + bad + "2021-10-04,1,BR,ios\n" + bad
        let recording = try recording(text.utf8, partBytes: 100)
        let description = try TraceDescription(describing: recording, threads: 2)
        #expect(description.attempts == 1)
        #expect(recording.rejectedRows?.count == 80)
        #expect(recording.sliceCount > 10)
    }

    @Test func longRowsAreBadOnesWhereverTheFileIsCut() throws {
        let limit = 64
        let long = [
            String(repeating: "x", count: 500), "\"" + String(repeating: "x\n", count: 40),
            String(repeating: ",", count: 99),
            "2021-10-04,2,BR,\"" + String(repeating: "x", count: 100) + "\"",
        ]
        let good = "2021-10-04,1,BR,ios\n"
        for row in long {
            let text = Self.header + good + row + "\n" + good
            var found: Set<[UInt64]> = []
            for partBytes in limit..<limit + 20 {
                let recording = try recording(text.utf8, partBytes: partBytes)
                let attempts = try recording.recordedAttempts()
                #expect(attempts.count == 2 || row.contains("\n"))
                found.insert(attempts.map(\.registration.identity.rawValue))
                #expect(recording.rejectedRows?.examples.first?.row == 3)
                #expect(throws: TraceError.self) {
                    try self.recording(text.utf8, onError: .stop, partBytes: partBytes).recordedAttempts()
                }
            }
            #expect(found.count == 1 || row.contains("\n"))
        }
    }

    @Test func quotesThatStayOpenAreErrorsAlsoWhereBadRowsAreLeftOut() {
        for row in ["2021-10-04,1,BR,\"ios\n2021-10-04,1,BR,ios\n", "never,1,BR,\"ios", "\"", "1,2,3,4,5,\""] {
            let text = Self.header + "2021-10-04,1,BR,ios\n" + row
            let error = #expect(throws: TraceError.self) { try recording(text.utf8) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("t.csv:3:"))
            #expect("\(error.map { "\($0)" } ?? "")".contains("without a closing quote"))
        }
    }

    @Test func quoteStormsEndInTime() throws {
        for row in ["\"\n", "\"\"\"\n", "\"a\"b\n", "\",\n", "a\"\n", "\"\",\"\",\"\",\"\"\n", "\"\r"] {
            let storm = Self.header + String(repeating: row, count: 10_000)
            // A bad row, an error or nothing: it ends, and nothing is made up.
            let attempts = try? recording(storm.utf8, partBytes: 1 << 12).recordedAttempts()
            #expect(attempts?.isEmpty != false)
        }
    }

    @Test func randomBytesNeverTrap() throws {
        var random = SplitMix64(seed: 3)
        let alphabet = Array(",,,\n\n\"\"\r+-0123456789TZ:. BRiosé".utf8)
        for _ in 0..<300 {
            let rows = (0..<Int(random.next() % 200)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let text = Array(Self.header.utf8) + rows + Array("\n2021-10-04,1,BR,ios\n".utf8)
            guard let recording = try? recording(text, partBytes: 64 + Int(random.next() % 100)) else { continue }
            let attempts = try recording.recordedAttempts()
            #expect(attempts.count == recording.expectedAttempts)
        }
    }
}
