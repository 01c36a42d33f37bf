import Foundation
import SpillwayEngine
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Stores as other implementations read them: see Tests/Interop/read_store.py.
@Suite struct InteropTests {
    @Test func otherReadersSeeEveryRow() async throws {
        let directory = TemporaryDirectory()
        let store = directory.path("store")

        try await write(telephoneNumbers, to: store, rowGroupRows: 20_000)
        try await write(wideIdentities, to: store, rowGroupRows: 7_000)
        try await write(edges, to: store, rowGroupRows: 7_000)
        let expected = try directory.file("expected.csv", csv(telephoneNumbers + wideIdentities + edges).utf8)
        let segments = try PosixSystem().list(store).filter { $0.hasPrefix("part-") }.sorted()
        #expect(segments.count == 3)
        for segment in segments.dropFirst() { try addFilters(to: segment, of: store) }
        let filtered = "\(store)/\(segments[1])"
        let blinded = try blind(filtered, in: directory)

        try readWithOthers(store, expected: expected, filtered: filtered, blinded: blinded)
    }

    /// After an erasure, which leaves one segment without a row, and after a compaction of what is left; the files that
    /// were merged are still there.
    @Test func otherReadersSeeAStoreThatWasMaintained() async throws {
        let directory = TemporaryDirectory()
        let store = directory.path("store")
        let erased = (0..<6).map { 7_000_000_000_000_000_000 + UInt64($0) }
        let victim = telephoneNumbers[1_000].identity.rawValue
        try await write(telephoneNumbers, to: store, rowGroupRows: 20_000)
        try await write(erased.map { edge($0) }, to: store, rowGroupRows: 7_000)
        try await write(wideIdentities, to: store, rowGroupRows: 7_000)
        try await write(edges, to: store, rowGroupRows: 7_000)
        let rows = (telephoneNumbers + wideIdentities + edges).filter { $0.identity.rawValue != victim }
        let expected = try directory.file("expected.csv", csv(rows).utf8)

        let removed = try Erasure(storeAt: store, rowGroupRows: 30_000, system: PosixSystem()).run(erased + [victim])
        #expect(removed.rowCount == 7)
        let largest = try StoreView(path: store, system: PosixSystem()).segments[0].path
        try readWithOthers(
            store, expected: expected, filtered: largest, blinded: blind(largest, in: directory))

        var policy = CompactionPolicy()
        policy.rowGroupRows = 40_000
        let report = try Compaction(storeAt: store, policy: policy, system: PosixSystem()).run()
        #expect(report.segmentsBefore == 4 && report.segmentsAfter == 1)
        let merged = try StoreView(path: store, system: PosixSystem()).segments[0].path
        try readWithOthers(store, expected: expected, filtered: merged, blinded: blind(merged, in: directory))
    }

    private func readWithOthers(_ store: String, expected: String, filtered: String, blinded: String) throws {
        let files = try StoreView(path: store, system: PosixSystem()).segments.map(\.path)
        let script = Python.script("read_store.py")
        let (status, output) = try Python.run([script, store, expected, filtered, blinded] + files)
        #expect(status == 0, "\(output)")
    }

    /// A table of which a checkpoint is left, and one version after it.
    @Test func otherReadersReadCheckpoints() async throws {
        let directory = TemporaryDirectory()
        let store = directory.path("store")
        for registration in edges { try await write([registration], to: store, rowGroupRows: 100) }

        let (layout, system) = (StoreLayout(root: store), PosixSystem())
        let log = DeltaLog(layout: layout, system: system, checkpointInterval: 7)
        var state = try log.load()
        let segments = state.live.values.sorted { $0.path < $1.path }
        // The checkpoint, of version 7, holds a tombstone; the version after it takes out a file that it holds.
        for segment in segments[1...2] {
            let remove = DeltaAction.RemoveFile(segment, atMs: system.wallMs(), dataChange: true)
            try log.commit(operation: "DELETE", [DeltaAction(remove: remove)], to: &state)
        }
        for version in 0...7 { try system.remove("\(layout.log)/0000000000000000000\(version).json") }
        #expect(try log.load() == state)

        let left = [0, 3, 4, 5].map { edges[$0] }
        let (status, output) = try Python.run([
            Python.script("read_checkpoint.py"), store,
            try directory.file("expected.csv", csv(left).utf8),
        ])
        #expect(status == 0, "\(output)")
    }

    /// Gives a segment Bloom filters, and tells the table's log its new size.
    private func addFilters(to segment: String, of store: String) throws {
        try addBloomFilters(toSegmentAt: "\(store)/\(segment)")
        let log = DeltaLog(layout: StoreLayout(root: store), system: PosixSystem())
        var state = try log.load()
        var add = try #require(state.live[segment])
        add.size = Int64(try PosixSystem().status("\(store)/\(segment)").size)
        try log.commit(operation: "WRITE", [DeltaAction(add: add)], to: &state)
    }

    /// A copy of a segment whose Bloom filters rule out everything: who finds a row in it does not use them.
    private func blind(_ segment: String, in directory: TemporaryDirectory) throws -> String {
        let system = PosixSystem()
        let path = try directory.file("blinded.parquet", system.readAll(segment))
        let file = try system.open(path, .write)
        for rowGroup in try SegmentFooter(reading: file).rowGroups {
            let place = try #require(rowGroup.columns[SegmentColumn.identity.rawValue].bloomFilter)
            // The header is shorter than a block.
            let blocks = [UInt8](repeating: 0, count: place.count / 32 * 32)
            try file.write(blocks, at: place.upperBound - UInt64(blocks.count))
        }
        return path
    }

    /// Registrations with telephone numbers, put in order of number when stored.
    private var telephoneNumbers: [Registration] {
        var generator = SplitMix64(seed: 1)
        let prefixes: [(Country, UInt64)] = [
            (Country("BR")!, 5_511_900_000_000), (Country("DE")!, 4_915_100_000_000), (Country("IN")!, 916_000_000_000),
            (Country("EG")!, 201_000_000_000),
        ]
        return (0..<90_000).map { index in
            let (country, base) = prefixes[Int(generator.next() % 4)]
            return Registration(
                registeredAt: Timestamp(rawValue: 1_633_361_000_000_000 + Int64(generator.next() % 4_000_000_000)),
                identity: Identity(rawValue: base + UInt64(index) * 97 % 99_999_989), country: country,
                platform: index % 3 == 0 ? "ios" : "android", source: index % 11 < 7 ? "organic" : "invite",
                latencyUs: Int(generator.next() % 300_000))
        }
    }

    /// Registrations with identities over all 64 bits, put in order of country and time when stored; some of their
    /// columns compress well.
    private var wideIdentities: [Registration] {
        var generator = SplitMix64(seed: 2)
        let platforms: [Label] = ["web", "käse", "desktop"]
        let sources: [Label] = ["organic", "campaign-7"]
        return (0..<60_000).map { index in
            Registration(
                registeredAt: Timestamp(rawValue: 1_633_370_000_000_000 + Int64(index) * 1_000),
                identity: Identity(rawValue: generator.next() | 1 << 60), country: Country.all[index % 200],
                platform: platforms[index / 5 % 3], source: sources[index % 2],
                latencyUs: index % 4 == 0 ? Int(Int32.max) : 0)
        }
    }

    private var edges: [Registration] {
        [0, 1, UInt64(Int64.max), 1 << 63, UInt64.max, UInt64.max - 1].map { edge($0) }
    }

    private func edge(_ identity: UInt64) -> Registration {
        Registration(
            registeredAt: Timestamp(rfc3339: "2021-10-04T15:40:00.000001Z")!, identity: Identity(rawValue: identity),
            country: Country("ZW")!, platform: "web", source: "organic", latencyUs: 1)
    }

    /// One segment, of as many row groups as it takes, and however long they take beside all other tests.
    private func write(_ registrations: [Registration], to store: String, rowGroupRows: Int) async throws {
        var configuration = EngineConfiguration()
        configuration.rowGroupRows = rowGroupRows
        configuration.largeEpochRows = rowGroupRows / 2
        configuration.segmentAgeMs = .max
        let engine = try Engine.open(at: store, configuration: configuration)
        for start in stride(from: 0, to: registrations.count, by: 5_000) {
            let batch = RegistrationBatch(registrations[start..<min(start + 5_000, registrations.count)])
            let acknowledgement = try await engine.ingest(batch)
            #expect(acknowledgement.counts.accepted == batch.count)
        }
        try engine.close()
    }

    private func csv(_ registrations: [Registration]) -> String {
        var text = "registered_at,identity,country,region,platform,source,latency_us\n"
        for row in registrations {
            let identity = Int64(bitPattern: row.identity.rawValue)
            text += "\(row.registeredAt.rawValue),\(identity),\(row.country.code),\(row.region!.rawValue),"
            text += "\(row.platform.name),\(row.source.name),\(row.latencyUs)\n"
        }
        return text
    }
}
