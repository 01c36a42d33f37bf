import SpillwayPlatform

/// Files in a store's directory that are neither the store's nor what Delta Lake permits there: worth knowing of, as
/// nothing looks after them, and no damage.
enum ForeignFiles {
    private static let inHidden: Set = [
        "store.json", "store.json.tmp", "lock", "maintenance.lock", "erase.json", "erase.json.tmp", "open", "journal",
        "compact",
    ]

    /// - Parameter live: Paths that the table holds, whoever wrote them.
    static func notes(in layout: StoreLayout, live: some Sequence<String>, _ system: any System) throws -> [Problem] {
        let live = Set(live.map { $0.prefix { $0 != "/" } })
        let strangers = [
            ("", try system.list(layout.root).filter { !isHidden($0) && !isSegment($0) && !live.contains($0[...]) }),
            ("_delta_log/", try system.list(layout.log).filter { !isHidden($0) && !isDelta($0) }),
            ("_spillway/", try system.list(layout.hidden).filter { !inHidden.contains($0) }),
            ("_spillway/open/", try system.list(layout.open).filter { SegmentName(fileName: $0)?.kind != .surge }),
            ("_spillway/journal/", try system.list(layout.journal).filter { JournalName(fileName: $0) == nil }),
            ("_spillway/compact/", try unmerged(in: layout, system)),
        ]
        return strangers.flatMap { folder, names in
            names.map { Problem(file: folder + $0, offset: 0, problem: "no part of the store: nothing reads it") }
        }
    }

    private static func unmerged(in layout: StoreLayout, _ system: any System) throws -> [String] {
        guard try system.exists(layout.compaction) else { return [] }
        return try system.list(layout.compaction).filter { SegmentName(fileName: $0)?.kind != .merged }
    }

    private static func isSegment(_ name: String) -> Bool { SegmentName(fileName: name) != nil }

    /// Readers of tables and logs pass over these: checksums of Hadoop's, manifests, files in the making.
    private static func isHidden(_ name: String) -> Bool { name.hasPrefix("_") || name.hasPrefix(".") }

    /// Whether a file of the log's is of a kind that the protocol knows: versions, their checksums (`.crc`),
    /// checkpoints in all of their forms, compacted versions.
    private static func isDelta(_ name: String) -> Bool {
        let fields = name.split(separator: ".", omittingEmptySubsequences: false)
        guard fields.count >= 2, isVersion(fields[0]) else { return false }
        switch fields[1] {
        case "json", "crc": return fields.count == 2
        case "checkpoint":
            return (3...5).contains(fields.count) && ["parquet", "json"].contains(fields[fields.count - 1])
        default: return fields.count == 4 && isVersion(fields[1]) && fields[2...] == ["compacted", "json"]
        }
    }

    private static func isVersion(_ digits: Substring) -> Bool {
        digits.utf8.count == 20 && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
