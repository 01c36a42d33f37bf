import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import SpillwayTrace

/// What the corpora begin with: files that the project writes, and those that others wrote for its tests.
package enum Seeds {
    /// Writes `directory`/target/name for every seed.
    ///
    /// - Parameters:
    ///   - traces: The directory of the scenarios that come with the project.
    ///   - fixtures: The directory of the Parquet files that the tests read.
    ///   - recordings: That of the recordings in Parquet that other programs wrote.
    package static func write(to directory: String, traces: String, fixtures: String, recordings: String) throws {
        let system = PosixSystem()
        let out = Output(directory: directory, system: system)
        try writeStores(out)
        for name in try system.list(traces).sorted() where name.hasSuffix(".yaml") {
            try out.write(.scenario, name, system.readAll("\(traces)/\(name)"))
        }
        try out.write(.scenario, "storm.yaml", Array(storm.utf8))
        try writeRecordings(out)
        for name in try system.list(fixtures).sorted() where name.hasSuffix(".parquet") {
            let bytes = try system.readAll("\(fixtures)/\(name)")
            if bytes.count <= 16 << 10 { try out.write(.parquetFooter, name, bytes) }
            try writeChunks(out, name, bytes)
        }
        for name in try system.list(recordings).sorted() where name.hasSuffix(".parquet") {
            let bytes = try system.readAll("\(recordings)/\(name)")
            if bytes.count <= 4608 { try out.write(.foreignRecording, name, bytes) }
        }
        try out.write(.parquetFooter, "segment.parquet", StoreSeeds.sealedSegment)
        try writeChunks(out, "segment", StoreSeeds.sealedSegment)
    }

    private struct Output {
        var directory: String
        var system: PosixSystem

        func write(_ target: FuzzTarget, _ name: String, _ bytes: [UInt8]) throws {
            let file = try system.open(path(target, name), .createIfAbsent)
            try file.truncate(to: 0)
            try file.write(bytes, at: 0)
        }

        func path(_ target: FuzzTarget, _ name: String) throws -> String {
            for path in [directory, "\(directory)/\(target.rawValue)"] where try !system.exists(path) {
                try system.createDirectory(path)
            }
            return "\(directory)/\(target.rawValue)/\(name)"
        }
    }

    private static func writeStores(_ out: Output) throws {
        let root = StoreTargets.root
        let journaled = StoreSeeds.store { store in
            for number in 1...3 as ClosedRange<UInt64> {
                try store.append(
                    journalRecord: StoreSeeds.journalRecord(number * 10..<number * 12), epoch: StoreSeeds.epoch(number))
                try store.sync()
            }
        }
        let journal = StoreSeeds.only(journaled, in: "\(root)/_spillway/journal", ending: ".log")
        try out.write(.journal, "three-epochs", journal)
        let content = Array(journal[Frames.headerByteCount..<Frames.headerByteCount + 2 * 26 + 40])
        let counts: [UInt8] = [2, 0, 0, 0, 52, 0, 0, 0]
        try out.write(.journalRecord, "two-rows", counts + content)

        let open = StoreSeeds.store { store in
            try store.append(
                rowGroups: [StoreSeeds.rowGroup(0..<9), StoreSeeds.rowGroup(9..<30)], epoch: StoreSeeds.epoch(1))
            try store.sync()
            try store.append(rowGroups: [StoreSeeds.rowGroup(30..<33)], epoch: StoreSeeds.epoch(2))
        }
        let segment = StoreSeeds.only(open, in: "\(root)/_spillway/open", ending: ".parquet")
        try out.write(.openSegment, "two-epochs", segment)
        try out.write(.sealedSegment, "one-row-group", StoreSeeds.sealedSegment)

        let sealed = StoreSeeds.store { store in
            try store.append(rowGroups: [StoreSeeds.rowGroup(0..<40)], epoch: StoreSeeds.epoch(1))
            try store.seal()
        }
        let log = sealed.contents["\(root)/_delta_log/00000000000000000001.json"] ?? []
        try out.write(.deltaLog, "add", log)
        let (checkpoint, merged) = StoreSeeds.checkpointed
        try out.write(.deltaCheckpoint, "merged", checkpoint)
        for segment in merged.values { try out.write(.parquetFooter, "bloom-filter.parquet", segment) }
        let metadata = StoreSeeds.only(sealed, in: "\(root)/_spillway", ending: "store.json")
        try out.write(.storeMetadata, "store.json", metadata)
        let all: [StoreFile] = [
            .journal(journal), .openSegment(segment), .sealedSegment(StoreSeeds.sealedSegment), .logVersion(log),
            .metadata(metadata),
        ]
        for (index, file) in all.enumerated() {
            try out.write(.store, "file-\(index)", StoreArchive.bytes(of: [file]))
        }
        try out.write(.store, "all", StoreArchive.bytes(of: all))
    }

    /// The small chunks of a Parquet file. Those of other writers have no checksums, so that damage to them gets far.
    private static func writeChunks(_ out: Output, _ name: String, _ bytes: [UInt8]) throws {
        let file = MemoryFile(path: name, bytes)
        guard let footer = try? ParquetFooter.read(from: file) else { return }
        for (index, column) in (footer.rowGroups.first?.columns ?? []).enumerated() where column.valueCount < 1 << 16 {
            var chunk = ByteBuffer()
            try column.read(from: file, into: &chunk)
            let pages = chunk.withUnsafeBytes { Array($0) }
            guard pages.count <= 4 << 10 else { continue }
            try out.write(.parquetPages, "\(name)-\(index)", ChunkInput.input(column, pages))
        }
    }

    private static func writeRecordings(_ out: Output) throws {
        let trace = try ScenarioTrace(Scenario(yaml: storm, file: "storm.yaml"))
        for (target, name) in [(FuzzTarget.csvRecording, "storm.csv"), (.parquetRecording, "storm.parquet")] {
            let writer = try RecordingWriter(path: out.path(target, name))
            var slice = TraceSlice()
            for index in 0..<trace.sliceCount {
                try trace.readSlice(index, into: &slice)
                try writer.append(slice)
            }
            try writer.finish()
        }
    }

    private static let storm = """
        name: storm
        start: 2024-02-29T23:58:00Z
        duration: 4m
        registrations: 40
        surges: [{ onset: 2024-03-01T00:00:00Z, plateau: 1m }]
        platforms: { ios: 25%, android: 75% }
        regions:
          Europe: { share: 60%, sources: { organic: 50%, "in\\"vite": 50% } }
          Latin America: { share: 40%, countries: { BR: 100% } }
        arrivalJitter: 2s
        retries: { share: 50%, limit: 3, base: 4s, factor: 2, jitter: 50% }
        latency: { median: 100ms, p99: 1s }

        """
}
