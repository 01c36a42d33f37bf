import Foundation
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayCLI

struct LatencyLogTests {
    private func batch(answeredNs: Int64, latencyNs: Int64, from code: String) -> AnsweredBatch {
        var totals = ReplayTotals()
        totals.add(
            Acknowledgement(durability: .synced, codes: [.accepted, .accepted]).outcomes,
            of: [Country](repeating: Country(code) ?? .unknown, count: 2))
        return AnsweredBatch(
            dueNs: answeredNs - latencyNs, sentNs: answeredNs - latencyNs, answeredNs: answeredNs, totals: totals)
    }

    @Test func aLineForEachSecondAndRegionThatWasAnswered() throws {
        let path = "\(TemporaryDirectory().path).hlog"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var log = try LatencyLog(path: path, startedAtMs: 1_633_361_400_250, startedNs: 7_000_000_000)
        log.add(batch(answeredNs: 7_100_000_000, latencyNs: 1_234_567, from: "BR"))
        log.add(batch(answeredNs: 7_900_000_000, latencyNs: 5_000_000, from: "NG"))
        log.add(batch(answeredNs: 10_000_000_000, latencyNs: 40_000_000, from: "BR"))
        try log.finish()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines[1] == "#[Histogram log format version 1.3]")
        #expect(lines[2].hasPrefix("#[StartTime: 1633361400.250 (seconds since epoch)"))
        let heads = lines[4...].map { $0.split(separator: ",").prefix(4).joined(separator: ",") }
        #expect(
            heads == [
                "Tag=Latin-America,0.000,1.000,1.234", "Tag=Sub-Saharan-Africa,0.000,1.000,5.000",
                "Tag=Latin-America,3.000,1.000,40.000",
            ])
        #expect(lines[4...].allSatisfy { $0.split(separator: ",")[4].hasPrefix("HISTFAAA") })
    }
}
