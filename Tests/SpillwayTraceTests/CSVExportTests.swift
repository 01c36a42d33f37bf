import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

/// What exports have that the project's own files have not.
@Suite struct CSVExportTests {
    private let directory = TemporaryDirectory()

    private func recording(
        _ text: String, map: String? = nil, identities: IdentityForm = .number, partBytes: Int = 4096
    ) throws -> CSVRecording {
        var options = RecordingOptions()
        if let map { options.mapping = try RecordingMapping(map) }
        options.identities = identities
        return try CSVRecording(
            path: try directory.file("t.csv", text.utf8), options: options, partBytes: partBytes)
    }

    private func problem(_ text: String, map: String? = nil) -> String {
        let error = #expect(throws: TraceError.self) {
            try recording(text, map: map, partBytes: 1 << 16).recordedAttempts()
        }
        return error.map { "\($0)" } ?? ""
    }

    @Test func threeColumnsAreEnough() throws {
        let text = "identity,country,registered_at\n5,BR,2021-10-04T15:30:00Z"
        let expected = RecordedAttempt.at(0, 5, platform: "unknown", source: "unknown", latencyUs: 0)
        #expect(try recording(text).recordedAttempts() == [expected])
    }

    @Test func otherNamesAreMapped() throws {
        let text = #"""
            created_at,phone,seen,"land, or ""country""",identity
            2021-10-04 15:30:00+00,+5511987654321,2021-10-04 15:30:09+00,BR,not this one
            """#
        let map = #"identity=phone,registeredAt=created_at,arrived_at=seen,platform==web"#
        // The name has a comma, which a mapping's text cannot hold.
        let plain = text.replacing("\"land, or \"\"country\"\"\"", with: "\"la\"\"nd\"")
        let expected = RecordedAttempt.at(
            0, 5_511_987_654_321, platform: "web", source: "unknown", latencyUs: 0, arrivedAt: 9_000_000)
        #expect(try recording(plain, map: map + #",country=la"nd"#).recordedAttempts() == [expected])
        let constant = RecordedAttempt.at(
            0, 5_511_987_654_321, Country("IN") ?? .unknown, platform: "web", source: "unknown", latencyUs: 0,
            arrivedAt: 9_000_000)
        #expect(try recording(text, map: map + ",country==IN").recordedAttempts() == [constant])
    }

    @Test func otherColumnsAreNotRead() throws {
        let text = """
            id,registered_at,note,identity,note,country,,json
            1,2021-10-04T15:30:00Z,"two
            lines, and a \""quote\""\",7,\u{fe},BR,,"{\""a\"":[1,2]}"
            2,2021-10-04T15:30:00Z,,8,,BR,"","\r\n"

            """
        let expected = [7, 8].map { RecordedAttempt.at(0, $0, platform: "unknown", source: "unknown", latencyUs: 0) }
        for partBytes in 90..<200 {
            #expect(try recording(text, partBytes: partBytes).recordedAttempts() == expected)
        }
    }

    @Test func identitiesAreNumbersWithOrWithoutPlus() throws {
        let rows = ["+5511987654321", "5511987654321", "\"+5511987654321\""].map { "2021-10-04,\($0),BR" }
        let text = "registered_at,identity,country\n" + rows.joined(separator: "\r\n")
        let found = try recording(text).recordedAttempts().map(\.registration.identity.rawValue)
        #expect(found == [5_511_987_654_321, 5_511_987_654_321, 5_511_987_654_321])
        for bad in ["+", "++1", "+-1", "1+", "5 511", "1e9", "ana@example.com"] {
            #expect(problem("registered_at,identity,country\n2021-10-04,\(bad),BR").contains("t.csv:2: identity: '"))
        }
    }

    @Test func textIsHashedAsTheModelHashesIt() throws {
        let names = [
            "ana@example.com", "5511987654321", "a\"b", "Größe 大", " x ", String(repeating: "long", count: 99),
        ]
        let rows = names.map { "2021-10-04,\"\($0.replacing("\"", with: "\"\""))\",BR" }
        let key = SipKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let text = "registered_at,identity,country\n" + rows.joined(separator: "\n")
        let found = try recording(text, identities: .hash(key)).recordedAttempts().map(\.registration.identity)
        #expect(found == names.map { Identity(hashing: $0, key: key) })
        for (bad, reason) in [("", "is empty"), ("\"\"", "is empty")] {
            let text = "registered_at,identity,country\n2021-10-04,\(bad),BR"
            let error = #expect(throws: TraceError.self) {
                try recording(text, identities: .hash(key)).recordedAttempts()
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(reason))
        }
    }

    @Test func mappingsThatDoNotFitAreExplained() {
        let text = "registered_at,identity,country\n"
        #expect(problem(text, map: "platform=os").contains("column os is missing among registered_at, identity"))
        #expect(problem(text, map: "source=country").contains("asked for as country and as source"))
        #expect(problem("a,b\n").contains("--map registered_at=NAME"))
        let wide = (0..<500).map { "column\($0)" }.joined(separator: ",")
        #expect(problem(wide).utf8.count < 500)
        let wider = "registered_at,identity,country" + String(repeating: ",x", count: 20_000)
        #expect(problem(wider).contains("more than the 16384 columns"))
    }

    @Test func namesInMessagesAreTheFiles() {
        let text = "ts,phone,land\n2021-10-04,1,BR\nnever,2,BR"
        let map = "registered_at=ts,identity=phone,country=land"
        #expect(problem(text, map: map).contains("t.csv:3: ts: 'never' is no time"))
    }

    @Test func quotesBehindBackslashesAreExplained() {
        let text = #"registered_at,identity,country,source"# + "\n" + #"2021-10-04,1,BR,"say \"hi\"""#
        #expect(problem(text).contains("doubled"))
    }

    @Test func whatItMeansIsInTheFingerprint() throws {
        let text = "registered_at,identity,country\n2021-10-04,1,BR\n"
        let plain = try recording(text).fingerprint
        #expect(try recording(text, map: "country==IN").fingerprint != plain)
        #expect(try recording(text, identities: .hash(SipKey(1, 1))).fingerprint != plain)
        #expect(try recording(text).fingerprint == plain)
    }
}
