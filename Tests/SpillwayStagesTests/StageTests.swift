import Foundation
import SpillwayStages
import Testing

@Suite struct StageTests {
    /// More than one batch, and the last one not full.
    private static let rows = 20_000

    @Test("Every stage does what it is there to do, as often as it is asked", arguments: Stage.all.map(\.name))
    func runs(name: String) throws {
        let stage = try #require(Stage.all.first { $0.name == name })
        let work = try stage.prepare(rows: Self.rows)
        #expect(work.unitCount > 0)
        for _ in 0..<2 {
            try work.reset()
            try work.run()
        }
    }

    @Test("Every stage has a threshold, and every threshold a stage")
    func thresholds() throws {
        struct Thresholds: Decodable {
            struct Counts: Decodable { let unit: String }
            let stages: [String: Counts]
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Benchmarks/SpillwayMicro/thresholds.json")
        let kept = try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: file)).stages
        #expect(Stage.all.count == Set(Stage.all.map(\.name)).count)
        #expect(
            kept.mapValues(\.unit) == Dictionary(uniqueKeysWithValues: Stage.all.map { ($0.name, $0.unit.rawValue) }))
    }
}
