import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwayQuery
import SpillwayStore
import SpillwayTestSupport

/// Holds a store that was killed against the trace that was replayed into it.
struct StoreCheck {
    /// What a check found the store to hold.
    struct Holding: Equatable {
        /// Attempts whose outcomes are in the store: where a resumed replay begins.
        var position = 0
        /// Those that the attempts before the position make, and such of later ones as came into the same commit.
        var registrations: OrdinalSet
    }

    let path: String
    private let model: TraceModel
    private var rows: StoredRows

    init(path: String, _ model: TraceModel) {
        self.path = path
        self.model = model
        rows = StoredRows(model)
    }

    /// What a store that is yet to be made holds.
    var nothing: Holding { Holding(registrations: OrdinalSet(capacity: model.accepted.count)) }

    /// Checks that the store holds what the attempts before its recorded position make, that those are at least as many
    /// as were acknowledged, and that what it holds beyond is what the attempts before `sent` make: a commit takes the
    /// shards one after the other, and some may have gone on meanwhile. Changes nothing; checks that too.
    mutating func check(acknowledged: Int, sent: Int, _ generator: inout SplitMix64) throws -> Holding {
        let before = try Self.files(of: path)
        let view: StoreView
        do {
            view = try StoreView(path: path, system: PosixSystem())
        } catch .missing where acknowledged == 0, .notAStore where acknowledged == 0 {
            return nothing
        }
        let holding = try check(view, acknowledged: acknowledged, sent: sent)
        try checkLookup(holding, &generator)
        try demand(try Self.files(of: path) == before, "looking at the store changed its files")
        return holding
    }

    /// Opens the store for writing, which recovers it, and checks that it holds what it held.
    mutating func reopen(_ holding: Holding) throws {
        do {
            let opened = try Store.open(path, system: PosixSystem())
            try demand(
                try check(opened.view, acknowledged: holding.position, sent: model.attempts) == holding,
                "the store changed between a look at it and its recovery")
        }
        let recovered = try StoreView(path: path, system: PosixSystem())
        try demand(
            try check(recovered, acknowledged: holding.position, sent: model.attempts) == holding,
            "recovery changed what the store holds")
        try demand(
            try FileManager.default.contentsOfDirectory(atPath: StoreLayout(root: path).open).isEmpty,
            "recovery left an open segment")
    }

    private mutating func check(_ view: StoreView, acknowledged: Int, sent: Int) throws -> Holding {
        let position = view.lastEpoch.position
        try demand(
            position.stream == model.fingerprint || (position == .none && acknowledged == 0),
            "the store says that it holds another trace")
        try demand(
            position.attempts >= acknowledged && position.attempts <= sent,
            "\(acknowledged) attempts were acknowledged, the store says that it holds \(position.attempts)")
        let attempts = Int(position.attempts)
        let stored = try rows.ordinals(in: view)
        let expected = model.acceptedCount(ofFirst: attempts)
        try demand(
            stored.firstAbsent == expected && stored.end == expected,
            """
            \(acknowledged) attempts were acknowledged and \(attempts) recorded, of which \(expected) are accepted; the \
            store lacks accepted registration \(stored.firstAbsent), and its last is \(stored.end - 1)
            """)
        return Holding(position: attempts, registrations: stored)
    }

    /// Looks for some registrations that are there, and for the first that is not.
    private func checkLookup(_ holding: Holding, _ generator: inout SplitMix64) throws {
        let sought = samples(holding, &generator)
        let found = try Lookup(sought.map { model.accepted[$0].identity }).run(onStoreAt: path, threads: 1)
        for (ordinal, found) in zip(sought, found) {
            try demand(
                found == (holding.registrations.contains(ordinal) ? model.accepted[ordinal] : nil),
                "a look-up of \(model.accepted[ordinal]) found \(found.map { "\($0)" } ?? "nothing")")
        }
    }

    private func samples(_ holding: Holding, _ generator: inout SplitMix64) -> [Int] {
        let drawn = (0..<3).map { _ in Int.random(in: 0...holding.registrations.end, using: &generator) }
        return (drawn + [holding.registrations.firstAbsent]).filter { $0 < model.accepted.count }
    }

    /// Asks the program itself.
    func checkCommands(_ holding: Holding, _ generator: inout SplitMix64) throws {
        let counted = try Program.run(["query", "--store", path, "--format", "json"])
        let rows = try JSONSerialization.jsonObject(with: Data(counted.output.utf8)) as? [[String: Int]]
        try demand(
            counted.status == 0 && rows?.first?["registrations"] == holding.registrations.count,
            "of \(holding.registrations.count) registrations `query` counts \(counted.output)\(counted.errors)")
        let sought = samples(holding, &generator)
        let run = try Program.run(
            ["lookup", "--store", path, "--format", "json"] + sought.map { "\(model.accepted[$0].identity.rawValue)" })
        let answers = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]] ?? []
        try demand(run.status == 0 && answers.count == sought.count, "`lookup` says \(run.output)\(run.errors)")
        for (ordinal, answer) in zip(sought, answers) {
            let expected = model.accepted[ordinal]
            let isRight =
                holding.registrations.contains(ordinal)
                ? answer["registeredAt"] as? String == expected.registeredAt.rfc3339
                    && answer["latencyUs"] as? Int == expected.latencyUs
                : answer["found"] as? Bool == false
            try demand(isRight, "`lookup` of \(expected) says \(answer)")
        }
    }

    private struct FileState: Equatable {
        var size: Int
        var modifiedAt: Date
    }

    private static func files(of path: String) throws -> [String: FileState] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return [:] }
        var files: [String: FileState] = [:]
        for name in try manager.subpathsOfDirectory(atPath: path) {
            let attributes = try manager.attributesOfItem(atPath: "\(path)/\(name)")
            files[name] = FileState(
                size: attributes[.size] as? Int ?? 0, modifiedAt: attributes[.modificationDate] as? Date ?? .distantPast
            )
        }
        return files
    }
}
