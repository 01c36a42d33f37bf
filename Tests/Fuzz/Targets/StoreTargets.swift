import SpillwayModel
import SpillwayPlatform
import SpillwayQuery
import SpillwayStore

/// A store some of whose files came from outside: viewed, queried, recovered and viewed again.
enum StoreTargets {
    static let root = "/store"
    private static let layout = StoreLayout(root: root)
    private static let magicByteCount = StoreFile.magicByteCount

    /// More than a test's store has; a few bytes can claim any number.
    private static let maximumRows = 1 << 16

    private static let empty = StoreSeeds.store { _ in }
    /// A segment that a log may name.
    static let segment = StoreSeeds.sealedSegment

    /// As they are, then with their checksums right.
    static func check(_ files: [StoreFile]) throws(FuzzFinding) {
        try checkOnce(files)
        let mended = files.map(\.mended)
        if mended != files { try checkOnce(mended) }
    }

    private static func checkOnce(_ files: [StoreFile]) throws(FuzzFinding) {
        var contents = empty.contents
        for (index, file) in files.enumerated() {
            contents[path(of: file, index)] = file.bytes
            if case .checkpoint = file { contents.merge(StoreSeeds.checkpointed.segments) { $1 } }
        }
        let system = MemorySystem(contents, directories: empty.directories)
        let view = try accepted(or: StoreError.self) { try StoreView(path: root, system: system) }
        if let view { try query(view) }
        var verification = Verification(path: root, system: system)
        (verification.threads, verification.memoryBytes) = (1, 64 << 20)
        if view.map({ $0.rowCount <= maximumRows }) ?? true {
            _ = try accepted(or: StoreError.self) { try verification.run() }
        }
        let opened = try accepted(or: StoreError.self) { try Store.open(root, system: system) }
        guard let view, opened != nil else { return }
        try requireSame(as: view, in: system, after: "recovery")
        if view.rowCount > maximumRows { return }
        let report = try accepted(or: StoreError.self) { try Compaction(storeAt: root, system: system).run() }
        if report != nil { try requireSame(as: view, in: system, after: "compaction") }
    }

    private static func requireSame(as view: StoreView, in system: MemorySystem, after work: String) throws(FuzzFinding)
    {
        let now: StoreView
        do throws(StoreError) {
            now = try StoreView(path: root, system: system)
        } catch {
            throw FuzzFinding("\(work) made a store that cannot be read: \(error)")
        }
        try require(now.rowCount == view.rowCount, "\(work) made \(now.rowCount) of \(view.rowCount) rows")
        try require(now.lastEpoch == view.lastEpoch, "\(work) changed the last epoch")
    }

    private static func path(of file: StoreFile, _ index: Int) -> String {
        func name(_ salt: UInt64) -> SegmentName { SegmentName(number: UInt64(index), salt: salt) }
        return switch file {
        case .journal(let bytes): layout.journal(salt: Frames.salt(of: bytes, at: 0))
        case .openSegment(let bytes): layout.open(name(Frames.salt(of: bytes, at: magicByteCount)))
        case .sealedSegment: layout.sealed(SegmentName(number: UInt64(index), salt: 0))
        case .logVersion: "\(root)/_delta_log/0000000000000000000\(1 + index % 9).json"
        case .checkpoint: StoreSeeds.checkpointPath
        case .metadata: "\(root)/_spillway/store.json"
        }
    }

    /// All of a view's rows, counted in three ways and looked for.
    private static func query(_ view: StoreView) throws(FuzzFinding) {
        guard view.rowCount <= maximumRows else { return }
        let identities = Monitor<[UInt64]>(view.journaled.identity.map(\.rawValue))
        let isRead: Void? = try accepted(or: StoreError.self) {
            try view.forEachIdentityColumn(threads: 1) { column in
                let part = column.indices.map { UInt64(bitPattern: column[$0]) }
                identities.withLock { $0 += part }
            }
        }
        let stored = identities.withLock { $0 }
        if isRead != nil {
            try require(stored.count == view.rowCount, "\(stored.count) identities of \(view.rowCount) rows")
        }
        try count(view)
        try countRollups(view)
        if let outcomes = try accepted(or: StoreError.self, { try view.loadOutcomes() }) {
            try require(outcomes.counts.values.allSatisfy { $0 > 0 }, "outcomes that came up no time")
        }
        // What is found depends on statistics, which may lie; that it ends does not.
        _ = try accepted(or: StoreError.self) {
            try Lookup(stored.prefix(3).map { Identity(rawValue: $0) }).run(on: view, threads: 1)
        }
    }

    private static func countRollups(_ view: StoreView) throws(FuzzFinding) {
        for segment in view.segments {
            let totals = try accepted(or: StoreError.self, { try segment.loadRollup(.totals) }) ?? nil
            guard let rollup = try accepted(or: StoreError.self, { try segment.loadRollup() }) ?? nil else { continue }
            try require(
                totals.map { $0.series.map(\.key) == rollup.series.map(\.key) } ?? false,
                "the totals of a rollup are not of its series")
            try require(
                rollup.registrations == segment.rowCount,
                "\(rollup.registrations) registrations in the rollup of \(segment.rowCount) rows")
        }
    }

    private static func count(_ view: StoreView) throws(FuzzFinding) {
        var every = Query()
        every.groupBy = [.region, .platform]
        every.every = .hours(1)
        var some = Query()
        some.groupBy = [.country]
        some.filters = [.platform: ["ios"]]
        some.since = Timestamp(rawValue: 1_633_361_000_500_000)
        var all = Query()
        all.percentiles = [50]
        for query in [all, every, some] {
            let result = try accepted(or: QueryError.self) { try query.run(on: view, threads: 1) }
            guard let result, query != some else { continue }
            let counted = result.rows.reduce(0) { $0 + $1.registrations }
            try require(counted == view.rowCount, "\(counted) registrations of \(view.rowCount) rows counted")
        }
    }
}
