import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayCLI

@Suite struct RecordingArgumentsTests {
    private let directory = TemporaryDirectory()

    private static let export = """
        created_at,phone,land
        2021-10-04 15:30:00,+5511987654321,BR
        never,+5511987654322,BR
        2021-10-04 15:30:01,ana@example.com,BR

        """

    private func generate(_ arguments: String...) throws -> CommandRun {
        let file = try directory.file("export.csv", Self.export.utf8)
        return try CommandRun(["trace", "generate", file, "--out", directory.path("out.csv")] + arguments)
    }

    private let map = "identity=phone,registeredAt=created_at,country=land"

    @Test func anExportBecomesARecording() throws {
        let run = try generate("--map", map, "--on-error", "skip", "--format", "json")
        #expect(run.status == 0, "\(run.errors)")
        let written = try run.json([String: Any].self)
        #expect(written["attempts"] as? Int == 1)
        let rejected = try #require(written["rejected"] as? [String: Any])
        #expect(rejected["count"] as? Int == 2)
        let examples = try #require(rejected["examples"] as? [[String: Any]])
        #expect(examples.map { $0["row"] as? Int } == [3, 4])
        #expect(examples.map { $0["column"] as? String } == ["created_at", "phone"])
        #expect(run.errors.contains("2 rows of export.csv left out:\n  3  created_at  'never'"))
        #expect(run.errors.contains("\n  4  phone       'ana@example.com'"))
    }

    @Test func theFirstBadRowStopsByDefault() throws {
        let run = try generate("--map", map)
        #expect(run.status == 65)
        #expect(run.errors.contains("export.csv:3: created_at: 'never'"))
        #expect(try directory.names == ["export.csv"])
    }

    @Test func textIsHashedUnderTheKeyOfAFile() throws {
        let key = try directory.file("key", "000102030405060708090a0b0c0d0e0f\n".utf8)
        let run = try generate("--map", map, "--on-error", "skip", "--identity", "hash", "--identity-key", key)
        #expect(run.status == 0, "\(run.errors)")
        let text = String(decoding: try directory.bytes("out.csv"), as: UTF8.self)
        for name in ["+5511987654321", "ana@example.com"] {
            let identity = Identity(hashing: name, key: SipKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
            #expect(text.contains(",\(identity.rawValue),"))
        }
    }

    @Test func mistakesSayWhatIsWanted() throws {
        let short = try directory.file("short", "0001".utf8)
        let signed = try directory.file("signed", "+00102030405060708090a0b0c0d0e0f".utf8)
        let mistakes: [(arguments: [String], problem: String)] = [
            (["--map", "phone"], "identity=phone"), (["--map", "fone=phone"], "there is no column 'fone'"),
            (["--identity", "hash"], "openssl rand -hex 16"), (["--identity-key", short], "--identity hash"),
            (["--identity", "hash", "--identity-key", short], "32 hexadecimal digits"),
            (["--identity", "hash", "--identity-key", signed], "32 hexadecimal digits"),
            (["--on-error", "ignore"], "'stop' and 'skip'"),
        ]
        let file = try directory.file("export.csv", Self.export.utf8)
        for (arguments, problem) in mistakes {
            let run = try CommandRun(["trace", "generate", file, "--out", directory.path("out.csv")] + arguments)
            #expect(run.status == 64)
            #expect(run.errors.contains(problem), "\(run.errors)")
        }
    }
}
