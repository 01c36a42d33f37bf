/// Where things are in a store's directory. Readers of Delta tables pass over names that begin with `_`.
///
/// ```
/// part-00007-5f0c….parquet            sealed segments
/// _delta_log/00000000000000000007.json  the table's log
/// _spillway/store.json                what is private to the store: its id and routing key
/// _spillway/lock                      held by the one process that writes
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

    package var log: String { "\(root)/_delta_log" }
    package var hidden: String { "\(root)/_spillway" }
    package var metadata: String { "\(hidden)/store.json" }
    package var lock: String { "\(hidden)/lock" }
    package var open: String { "\(hidden)/open" }
    package var journal: String { "\(hidden)/journal" }

    package func sealed(_ name: SegmentName) -> String { "\(root)/\(name)" }
    package func open(_ name: SegmentName) -> String { "\(open)/\(name)" }
    package func journal(salt: UInt64) -> String { "\(journal)/\(hexadecimal(salt)).log" }
}

/// A segment's file name: its number in the store, and the salt of its frames.
package struct SegmentName: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt64
    package let salt: UInt64

    package init(number: UInt64, salt: UInt64) {
        self.number = number
        self.salt = salt
    }

    /// Nil if `fileName` is not a segment's.
    package init?(fileName: String) {
        guard fileName.hasPrefix("part-"), fileName.hasSuffix(".parquet") else { return nil }
        let fields = fileName.dropFirst("part-".count).dropLast(".parquet".count).split(separator: "-")
        // There is always a next number.
        guard fields.count == 2, let number = UInt64(fields[0]), number < UInt64(Int64.max), fields[1].count == 16,
            let salt = UInt64(fields[1], radix: 16)
        else { return nil }
        self.init(number: number, salt: salt)
        guard description == fileName else { return nil }
    }

    package var description: String {
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, 5 - digits.count))
        return "part-\(padding)\(digits)-\(hexadecimal(salt)).parquet"
    }
}

/// 16 lower-case digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
