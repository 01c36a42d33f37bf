/// A journal's file name: the salt of its frames, a random number.
struct JournalName: Hashable, Comparable, CustomStringConvertible {
    let salt: UInt64

    init(salt: UInt64) { self.salt = salt }

    /// Nil if `fileName` is not a journal's.
    init?(fileName: String) {
        guard fileName.hasSuffix(Self.suffix), let salt = UInt64(fileName.dropLast(Self.suffix.count), radix: 16) else {
            return nil
        }
        self.init(salt: salt)
        guard description == fileName else { return nil }
    }

    var description: String { hexadecimal(salt) + Self.suffix }

    static func < (one: JournalName, other: JournalName) -> Bool { one.salt < other.salt }

    private static let suffix = ".log"
}
