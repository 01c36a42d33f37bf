import SpillwayPlatform

/// Where things are in a store's directory. Readers of Delta tables pass over names that begin with `_`.
///
/// ```
/// part-00007-5f0c….parquet            sealed segments
/// merged-00006-81d2….parquet          segments that maintenance made of others
/// _delta_log/00000000000000000007.json  the table's log
/// _spillway/store.json                what is private to the store: its id and routing key
/// _spillway/lock                      held by the one process that writes
/// _spillway/maintenance.lock          held by the one that compacts, vacuums or erases
/// _spillway/erase.json                the identities that an erasure under way removes
/// _spillway/compact/merged-….parquet  a merged segment in the making
/// _spillway/open/part-00008-….parquet the open segment, under the name it will have once sealed
/// _spillway/journal/9a1b….log         small epochs that are in no segment yet
/// ```
package struct StoreLayout: Sendable {
    package let root: String

    package init(root: String) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    /// The directory that holds the store's.
    var parent: String {
        guard let slash = root.lastIndex(of: "/") else { return "." }
        return slash == root.startIndex ? "/" : String(root[..<slash])
    }

    /// Makes sure that there is a store.
    func requireStore(_ system: any System) throws {
        guard try system.exists(root) else { throw StoreError.missing(path: root) }
        guard try system.exists(metadata) else { throw StoreError.notAStore(path: root) }
    }

    package var log: String { "\(root)/_delta_log" }
    package var hidden: String { "\(root)/_spillway" }
    package var metadata: String { "\(hidden)/store.json" }
    package var lock: String { "\(hidden)/lock" }
    package var open: String { "\(hidden)/open" }
    package var journal: String { "\(hidden)/journal" }
    package var compaction: String { "\(hidden)/compact" }
    package var maintenanceLock: String { "\(hidden)/maintenance.lock" }
    package var erasure: String { "\(hidden)/erase.json" }

    package func sealed(_ name: SegmentName) -> String { "\(root)/\(name)" }
    package func open(_ name: SegmentName) -> String { "\(open)/\(name)" }
    package func compaction(_ name: SegmentName) -> String { "\(compaction)/\(name)" }
    package func journal(salt: UInt64) -> String { "\(journal)/\(JournalName(salt: salt))" }
}

/// 16 lower-case digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
