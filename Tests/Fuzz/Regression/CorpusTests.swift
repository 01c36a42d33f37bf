import SpillwayFuzzTargets
import SpillwayPlatform
import Testing

/// Every seed, and every input that ever brought a finding about, through the targets that `make fuzz` runs.
@Suite struct CorpusTests {
    private static let corpus: String = {
        let fuzz = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return fuzz.joined(separator: "/") + "/Corpus"
    }()

    private func inputs(_ kind: String, of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let system = PosixSystem()
        let directory = "\(Self.corpus)/\(kind)/\(target.rawValue)"
        guard try system.exists(directory) else { return [] }
        return try system.list(directory).sorted().map { ($0, try system.readAll("\(directory)/\($0)")) }
    }

    @Test(arguments: FuzzTarget.allCases) func seedsBringNothingAbout(_ target: FuzzTarget) throws {
        let seeds = try inputs("Seeds", of: target)
        #expect(!seeds.isEmpty)
        for seed in seeds {
            #expect(throws: Never.self, "\(seed.name)") { try target.run(seed.bytes) }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func earlierFindingsAreGone(_ target: FuzzTarget) throws {
        for finding in try inputs("Findings", of: target) {
            #expect(throws: Never.self, "\(finding.name)") { try target.run(finding.bytes) }
        }
    }
}
