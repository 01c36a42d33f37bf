import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct LookupTests {
    @Test func findsWhatIsThereAndNothingElse() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(12_000, seed: 5)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(Array(registrations[..<11_000]), batchSize: 2000)
        try engine.ingest(Array(registrations[11_000...]), batchSize: 200)
        try check(registrations, at: directory.path)
        try engine.close()
        try check(registrations, at: directory.path)
    }

    private func check(_ registrations: [Registration], at path: String) throws {
        var random = SplitMix64(seed: 6)
        let some = (0..<50).compactMap { _ in registrations.randomElement(using: &random) }
        let absent = (0..<50).map { _ in Identity(rawValue: random.next()) }
        let found = try Lookup(some.map(\.identity) + absent + some.prefix(1).map(\.identity))
            .run(onStoreAt: path, threads: 2)
        let none = [Registration?](repeating: nil, count: absent.count)
        #expect(found == some.map(Optional.some) + none + some.prefix(1).map(Optional.some))
    }

    /// Whether page indexes and filters come from the file or from a look-up before, and whether all of them fit.
    @Test(arguments: [0, 3000, 1 << 20]) func aCacheChangesNoAnswer(limitBytes: Int) throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(9000, seed: 24)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1500)
        try engine.close()
        let view = try StoreView(path: directory.path, system: PosixSystem())
        let snapshot = try Snapshot(
            view, threads: 2, memoryLimitBytes: 1 << 30, rollups: .none, keepsRollups: true,
            lookupCache: LookupCache(limitBytes: limitBytes))
        for _ in 0..<2 {
            let some = registrations.filter { $0.identity.rawValue % 17 == 3 }
            #expect(try Lookup(some.map(\.identity)).run(on: snapshot) == some)
        }
    }

    @Test func allIdentitiesOfAStoreAreFound() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(5000, seed: 7)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1500)
        try engine.close()
        #expect(try Lookup(registrations.map(\.identity)).run(onStoreAt: directory.path) == registrations)
        #expect(try Lookup([]).run(onStoreAt: directory.path).isEmpty)
    }
}
