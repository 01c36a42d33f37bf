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

    /// Whether anything comes from the file or is kept from a look-up before, and whether all or some of it fits: pages
    /// are kept the second time.
    @Test(arguments: [0, 30_000, 100_000, 1 << 20], [true, false])
    func aCacheChangesNoAnswer(limitBytes: Int, hasRandomIdentities: Bool) throws {
        let directory = TemporaryDirectory()
        var registrations = randomRegistrations(9000, seed: 24)
        if !hasRandomIdentities {
            for index in registrations.indices {
                registrations[index].identity = Identity(rawValue: 5_511_900_000_000 + UInt64(index * 7919 % 9000) * 3)
            }
        }
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1500)
        try engine.close()
        let cache = LookupCache(limitBytes: limitBytes)
        let snapshot = try snapshot(of: StoreView(path: directory.path, system: PosixSystem()), cache)
        for part in [17, 5, 17, 3, 1] {
            let some = registrations.filter { $0.identity.rawValue % UInt64(part) == 0 }
            let absent = some.map { Identity(rawValue: $0.identity.rawValue &+ 1) }
            #expect(try Lookup(some.map(\.identity)).run(on: snapshot) == some)
            #expect(try Lookup(absent).run(on: snapshot).allSatisfy { $0 == nil })
        }
        // Not even the place of a page is kept without room; with enough of it, everything.
        if limitBytes == 0 { #expect(cache.freeBytes == 0) }
        if limitBytes == 1 << 20 { #expect((9000 * 8..<9000 * 30).contains(limitBytes - cache.freeBytes)) }
    }

    private func snapshot(of view: StoreView, _ cache: LookupCache) throws -> Snapshot {
        try Snapshot(
            view, threads: 2, memoryLimitBytes: 1 << 30, rollups: .none, keepsRollups: true, lookupCache: cache)
    }

    /// What a snapshot's look-ups keep serves the next one, and goes with the files that are not there any more.
    @Test func aSnapshotTakesOverFromThePreviousOne() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(9000, seed: 25)
        var configuration = smallConfiguration()
        configuration.segmentBytes = 64 << 20
        let engine = try Engine.open(at: directory.path, configuration: configuration)
        try engine.ingest(Array(registrations[..<6000]), batchSize: 1500)
        let first = try Snapshot(engine.view(), threads: 2)
        let some = registrations[..<6000].filter { $0.identity.rawValue % 5 == 2 }
        for _ in 0..<3 { #expect(try first.find(some.map(\.identity)) == some) }
        let freeBytes = first.lookupCache.freeBytes
        try engine.ingest(Array(registrations[6000...]), batchSize: 1500)
        let second = try Snapshot(engine.view(), threads: 2, after: first)
        #expect(second.lookupCache === first.lookupCache && second.lookupCache.freeBytes == freeBytes)
        #expect(try second.find(registrations.map(\.identity)) == registrations)
        #expect(try first.find(some.map(\.identity)) == some)
        try engine.close()
        let sealed = try Snapshot(
            StoreView(path: directory.path, system: PosixSystem()), threads: 2, after: second)
        #expect(sealed.lookupCache.freeBytes == 1 << 28)
        #expect(try sealed.find(registrations.map(\.identity)) == registrations)
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
