import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

/// Whatever bit of a store flips, a query has no answer or the right one.
@Suite struct DamageTests {
    private let directory = TemporaryDirectory()
    private let registrations = randomRegistrations(12, seed: 4)
    private var path: String { directory.path("store") }

    /// What is asked of a store: counts, percentiles, of some rows too, and look-ups, of identities that are there and that
    /// are not.
    private struct Answers: Equatable {
        var rows: [[QueryRow]]
        /// By one snapshot, whose look-ups keep what they read for the second time.
        var found: [[Registration?]]
    }

    private func ask(_ system: any System) throws -> Answers {
        let view = try StoreView(path: path, system: system)
        var byRegion = Query()
        byRegion.groupBy = [.region, .platform]
        byRegion.every = .days(1)
        byRegion.percentiles = [50, 99]
        var some = Query()
        some.groupBy = [.country, .source]
        some.since = Timestamp(year: 2021, month: 10, day: 5)
        var ofCountry = Query()
        ofCountry.filters[.country] = [registrations[0].country.code]
        ofCountry.percentiles = [50]
        let identities = registrations.map(\.identity).sorted { $0.rawValue < $1.rawValue }
        var ofRange = Query()
        ofRange.identities = identities[3]...identities[9]
        ofRange.groupBy = [.region]
        let snapshot = try Snapshot(view, threads: 1)
        let wanted = registrations.map(\.identity) + [Identity(rawValue: 5)]
        return Answers(
            rows: try [byRegion, some, ofCountry, ofRange].map {
                try QueryPlan($0).run(on: view, threads: 1, memoryLimitBytes: 1 << 30).rows
            },
            found: try (0..<3).map { _ in try Lookup(wanted).run(on: snapshot) })
    }

    /// Asks with each bit of a file flipped in turn; returns the bits that change the answer.
    private func wrong(_ file: String, _ expected: Answers, step: Int) throws -> [String] {
        let bytes = try PosixSystem().readAll(file)
        return stride(from: 0, to: bytes.count * 8, by: step).compactMap { bit in
            guard let answers = try? ask(AlteredSystem(file, bytes, flipping: bit)) else { return nil }
            return answers == expected ? nil : "bit \(bit % 8) of byte \(bit / 8)"
        }
    }

    @Test func ofASealedStore() throws {
        var configuration = smallConfiguration()
        configuration.largeEpochRows = 1
        configuration.pageRows = 2
        let engine = try Engine.open(at: path, configuration: configuration)
        try engine.ingest(registrations, batchSize: 6)
        try engine.close()
        let expected = try ask(PosixSystem())
        #expect(expected.found == Array(repeating: registrations.map(Optional.some) + [nil], count: 3))
        let segments = try PosixSystem().list(path).filter { $0.hasSuffix(".parquet") }
        #expect(segments.count == 1)
        for file in segments {
            let wrong = try wrong("\(path)/\(file)", expected, step: 7)
            #expect(wrong == [])
        }
        for version in 0...1 {
            #expect(try wrong("\(path)/_delta_log/0000000000000000000\(version).json", expected, step: 3) == [])
        }
        #expect(try wrong("\(path)/_spillway/store.json", expected, step: 5) == [])
    }
}
