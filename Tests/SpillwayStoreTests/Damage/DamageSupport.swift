import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport

@testable import SpillwayStore

/// A store with rows in every kind of file: two sealed segments, an open one and a journal, of two epochs each.
///
/// Identities 0 ..< 9 and 9 ..< 12 are sealed, 12 ..< 18 in the open segment, 18 ..< 21 in the journal.
struct SmallStore {
    static let rowCount = 21
    let path: String
    let sealed: [String]
    let open: String
    let journal: String
    private let system = PosixSystem()

    init(in directory: TemporaryDirectory) throws {
        path = directory.path("store")
        do {
            let store = try Store.open(path, system: UnsyncedSystem()).store
            try store.append(rowGroups: [rowGroupFrame(0..<4), rowGroupFrame(4..<6)], epoch: epoch(1))
            try store.sync()
            try store.append(rowGroups: [rowGroupFrame(6..<9)], epoch: epoch(2))
            try store.seal()
            try store.append(rowGroups: [rowGroupFrame(9..<12)], epoch: epoch(3))
            try store.seal()
            for (index, range) in [12..<14, 14..<16, 16..<18].enumerated() as EnumeratedSequence<[Range<UInt64>]> {
                try store.append(rowGroups: [rowGroupFrame(range)], epoch: epoch(UInt64(4 + index)))
                try store.sync()
            }
            try store.append(journalRecord: journalFrame(18..<20), epoch: epoch(7))
            try store.sync()
            try store.append(journalRecord: journalFrame(20..<21), epoch: epoch(8))
            try store.sync()
        }
        let root = path
        sealed = try system.list(path).filter { $0.hasSuffix(".parquet") }.sorted()
        open = try system.list("\(root)/_spillway/open").map { "_spillway/open/\($0)" }[0]
        journal = try system.list("\(root)/_spillway/journal").map { "_spillway/journal/\($0)" }[0]
    }

    /// Of the log's versions 0, 1 and 2.
    func logVersion(_ number: Int) -> String { "_delta_log/0000000000000000000\(number).json" }

    func bytes(of file: String) throws -> [UInt8] { try system.readAll("\(path)/\(file)") }

    func replace(_ file: String, by bytes: [UInt8]) throws {
        let target = try system.open("\(path)/\(file)", .createIfAbsent)
        try target.truncate(to: 0)
        try target.write(bytes, at: 0)
    }

    func verify(_ system: any System = PosixSystem(), memoryBytes: Int = 1 << 20) throws -> VerificationReport {
        var verification = Verification(path: path, system: system)
        verification.threads = 1
        verification.memoryBytes = memoryBytes
        return try verification.run()
    }
}

/// A store with rows in one kind of file, so that it is verified in no time.
struct TinyStore {
    enum Place { case sealed, open, journal, merged }

    let path: String
    /// The file that holds the rows, as its path in the store.
    let file: String

    init(_ place: Place, in directory: TemporaryDirectory) throws {
        let (path, system) = (directory.path("tiny-\(place)"), UnsyncedSystem())
        switch place {
        case .sealed: try writeSegments([2..<4], to: path, system: system)
        case .merged:
            // Enough rows for values that no statistics tell of.
            try writeSegments([2..<8, 8..<14], to: path, system: system)
            var policy = CompactionPolicy()
            policy.rowGroupRows = 6
            _ = try Compaction(storeAt: path, policy: policy, system: system).run()
            _ = try Vacuum(storeAt: path, retentionMs: 0, system: system).run()
        case .open, .journal:
            let store = try Store.open(path, system: system).store
            for number in 1...3 as ClosedRange<UInt64> {
                let range = number * 2..<number * 2 + 2
                if place == .journal {
                    try store.append(journalRecord: journalFrame(range), epoch: epoch(number))
                } else {
                    try store.append(rowGroups: [rowGroupFrame(range)], epoch: epoch(number))
                }
                try store.sync()
            }
        }
        self.path = path
        let folder = place == .open || place == .journal ? "_spillway/\(place)/" : ""
        file = try system.list("\(path)/\(folder)").filter { $0.hasSuffix(".parquet") || $0.hasSuffix(".log") }
            .map { folder + $0 }[0]
    }

    /// Of the log's last version; returns its path in the store.
    func writeCheckpoint() throws -> String {
        let log = DeltaLog(layout: StoreLayout(root: path), system: UnsyncedSystem())
        let state = try log.load()
        try log.checkpoint(state)
        return String(log.checkpointPath(state.version).dropFirst(path.count + 1))
    }

    func bytes(of file: String) throws -> [UInt8] { try PosixSystem().readAll("\(path)/\(file)") }

    func verify(_ system: any System = PosixSystem()) throws -> VerificationReport {
        var verification = Verification(path: path, system: system)
        verification.threads = 1
        return try verification.run()
    }
}
