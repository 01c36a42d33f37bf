import Foundation
import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct StoreTraceTests {
    private let directory = TemporaryDirectory()
    private var store: String { directory.path("day") }

    /// Small row groups, so that a store has many, and small epochs, which stay in the journal.
    private var configuration: EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.shardCount = 4
        configuration.indexBytes = 4 << 20
        configuration.rowGroupRows = 1500
        configuration.largeEpochRows = 500
        configuration.durability = .written
        configuration.compactsInBackground = false
        return configuration
    }

    /// In batches that each are an epoch of their own: some go to row groups, the last ones to the journal.
    private func ingest(_ registrations: [Registration], into engine: Engine) throws {
        for start in stride(from: 0, to: registrations.count, by: 1200) {
            _ = try engine.submit(RegistrationBatch(registrations[start...].prefix(1200))).wait()
        }
    }

    /// With distinct identities, and times that go back now and then, as those of retries do.
    private func registrations(_ identities: Range<UInt64>, seed: UInt64 = 1) -> [Registration] {
        var random = SplitMix64(seed: seed)
        return identities.map { identity in
            let late = Int64.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: 0..<500_000, using: &random) : 0
            return RecordedAttempt.at(
                Int64(identity) * 100 - late, mix(identity), Country.all.randomElement(using: &random) ?? .unknown,
                platform: ["ios", "android", "größe"].randomElement(using: &random) ?? "ios",
                source: ["organic", "invite"].randomElement(using: &random) ?? "organic",
                latencyUs: Int.random(in: 0...Int(Int32.max), using: &random)
            ).registration
        }
    }

    /// Rewrites the segment that has it.
    private func eraseOne() throws {
        let engine = try Engine.open(at: store, configuration: configuration)
        #expect(try engine.erase([registrations(3..<4)[0].identity]) == 1)
        try engine.close()
    }

    /// The trace's attempts are the registrations, in order of time.
    private func expect(_ trace: StoreTrace, holds registrations: [Registration]) throws {
        let attempts = try trace.recordedAttempts()
        #expect(trace.expectedAttempts == registrations.count && attempts.count == registrations.count)
        #expect(Set(attempts.map(\.registration)) == Set(registrations))
        #expect(attempts.allSatisfy { $0.arrivedAt == $0.registration.registeredAt })
        let times = attempts.map(\.arrivedAt)
        #expect(times == times.sorted())
    }

    @Test func aStoreHoldsItsRegistrationsInOrderOfTime() throws {
        let rows = registrations(0..<10_000)
        let engine = try Engine.open(at: store, configuration: configuration)
        try ingest(rows, into: engine)
        try engine.close()
        let trace = try StoreTrace(path: store + "/")
        #expect(trace.name == "day" && trace.registrationsByRegion == nil)
        try expect(trace, holds: rows)
    }

    @Test func anEmptyStoreHasNoSlices() throws {
        try Engine.open(at: store, configuration: configuration).close()
        #expect(try StoreTrace(path: store).sliceCount == 0)
    }

    /// Beside the writer and after a kill, which leaves what a copy of the directory has: rows are in an open segment
    /// and in the journal.
    @Test func anOpenStoreIsReadAsItWasWhenItWasOpened() throws {
        let rows = registrations(0..<7500)
        let engine = try Engine.open(at: store, configuration: configuration)
        try ingest(rows, into: engine)
        let copy = directory.path("killed")
        try FileManager.default.copyItem(atPath: store, toPath: copy)
        let view = try StoreView(path: copy, system: PosixSystem())
        try #require(!view.journaled.isEmpty && view.segments.contains { $0.path.contains("/open/") })

        let open = try StoreTrace(path: store)
        try expect(open, holds: rows)
        try ingest(registrations(20_000..<23_000), into: engine)
        try engine.close()
        try expect(open, holds: rows)
        try expect(try StoreTrace(path: copy), holds: rows)
        try expect(try StoreTrace(path: store), holds: rows + registrations(20_000..<23_000))
    }

    @Test func aRecordedStoreReplaysIntoTheSameRows() throws {
        let scenario = try TestScenarios.storm()
        let engine = try Engine.open(at: store, configuration: configuration)
        var slice = TraceSlice()
        for index in 0..<scenario.sliceCount {
            try scenario.readSlice(index, into: &slice)
            _ = try engine.submit(slice.batch).wait()
        }
        try engine.close()
        let recorded = try StoreTrace(path: store).recordedAttempts()
        #expect(recorded.count == 20_000)
        for name in ["day.parquet", "day.csv"] {
            try writeRecording(recorded, to: directory.path(name), sliceRows: 7000)
            let other = directory.path("store of \(name)")
            let engine = try Engine.open(at: other, configuration: configuration)
            try ingest(try openTrace(directory.path(name)).recordedAttempts().map(\.registration), into: engine)
            try engine.close()
            #expect(Set(try StoreTrace(path: other).recordedAttempts()) == Set(recorded))
        }
    }

    @Test func theFingerprintTellsWhetherTheStoreChanged() throws {
        let engine = try Engine.open(at: store, configuration: configuration)
        var fingerprints = [try StoreTrace(path: store).fingerprint]
        // One that goes to the journal, one that makes a row group.
        for identities in [0..<10, 10..<1200] as [Range<UInt64>] {
            _ = try engine.submit(RegistrationBatch(registrations(identities))).wait()
            fingerprints.append(try StoreTrace(path: store).fingerprint)
        }
        try engine.close()
        #expect(Set(fingerprints).count == 3)
        // The open segment was sealed as it was.
        #expect(try StoreTrace(path: store).fingerprint == fingerprints[2])
        try eraseOne()
        #expect(try !fingerprints.contains(StoreTrace(path: store).fingerprint))
    }

    /// Whatever bit of a segment flips, there is an error that names the file and the place, or the rows are right.
    @Test func damageIsAnErrorWithItsPlace() throws {
        let engine = try Engine.open(at: store, configuration: configuration)
        try ingest(registrations(0..<1200), into: engine)
        try engine.close()
        let expected = try StoreTrace(path: store).recordedAttempts()
        let segment = try #require(try directory.names(in: "day").first { $0.hasSuffix(".parquet") })
        let path = "\(store)/\(segment)"
        let bytes = try PosixSystem().readAll(path)
        var errors = 0
        for bit in stride(from: 0, to: bytes.count * 8, by: 997) {
            do {
                let altered = AlteredSystem(path, bytes, flipping: bit)
                #expect(try StoreTrace(path: store, system: altered).recordedAttempts() == expected, "bit \(bit)")
            } catch TraceError.store(.damaged(let file, _, _)) {
                #expect(file == path)
                errors += 1
            }
        }
        #expect(errors > 50)
    }

    @Test func aSegmentThatIsDeletedMeanwhileIsNamed() throws {
        let engine = try Engine.open(at: store, configuration: configuration)
        try ingest(registrations(0..<1200), into: engine)
        try engine.close()
        let trace = try StoreTrace(path: store)
        try eraseOne()
        #expect {
            try trace.recordedAttempts()
        } throws: {
            guard case TraceError.segmentDeleted(let path) = $0 else { return false }
            return path.hasPrefix("\(store)/part-") && "\($0)".contains("start again")
        }
        #expect(try StoreTrace(path: store).recordedAttempts().count == 1199)
    }

    @Test func whatIsNoStoreIsToldApart() throws {
        try Engine.open(at: store, configuration: configuration).close()
        #expect(StoreTrace.isStore(at: store) && StoreTrace.isStore(at: store + "/"))
        #expect(!StoreTrace.isStore(at: directory.path) && !StoreTrace.isStore(at: directory.path("absent")))
        #expect { try StoreTrace(path: directory.path) } throws: { "\($0)".contains("is not a Spillway store") }
        #expect { try StoreTrace(path: directory.path("absent")) } throws: {
            "\($0)".contains("there is no such store")
        }
    }
}
