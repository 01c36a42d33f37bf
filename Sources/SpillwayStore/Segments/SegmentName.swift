/// A segment's file name: how it came to be, its number in the store, and a random number. Numbers follow the order
/// in which rows came; a merged segment has that of the last one in it.
package struct SegmentName: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// Written as registrations came in; its random number is the salt of its frames.
        case surge = "part"
        /// Made of other segments: in the table only if the log says so.
        case merged
    }

    package let kind: Kind
    package let number: UInt64
    package let salt: UInt64

    package init(_ kind: Kind = .surge, number: UInt64, salt: UInt64) {
        self.kind = kind
        self.number = number
        self.salt = salt
    }

    /// Nil if `fileName` is not a segment's.
    package init?(fileName: String) {
        guard fileName.hasSuffix(".parquet") else { return nil }
        let fields = fileName.dropLast(".parquet".count).split(separator: "-", omittingEmptySubsequences: false)
        // There are numbers to follow.
        guard fields.count == 3, let kind = Kind(rawValue: String(fields[0])), let number = UInt64(fields[1]),
            number < 1 << 62, fields[2].count == 16, let salt = UInt64(fields[2], radix: 16)
        else { return nil }
        self.init(kind, number: number, salt: salt)
        guard description == fileName else { return nil }
    }

    package var description: String {
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, 5 - digits.count))
        return "\(kind.rawValue)-\(padding)\(digits)-\(hexadecimal(salt)).parquet"
    }
}
