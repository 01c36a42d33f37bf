/// A set of small numbers, one bit each: which of a trace's accepted registrations some rows are.
struct OrdinalSet: Equatable {
    private var words: [UInt64]
    private(set) var count = 0

    /// - Parameter capacity: Numbers are below it.
    init(capacity: Int) { words = [UInt64](repeating: 0, count: (capacity + 63) / 64) }

    /// False if it is there already.
    mutating func insert(_ ordinal: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(ordinal & 63)
        if words[ordinal / 64] & bit != 0 { return false }
        words[ordinal / 64] |= bit
        count += 1
        return true
    }

    /// Takes in a set that has nothing in common with this one; otherwise returns the first number that is in both.
    mutating func take(_ other: OrdinalSet) -> Int? {
        for index in words.indices where words[index] & other.words[index] != 0 {
            return index * 64 + (words[index] & other.words[index]).trailingZeroBitCount
        }
        for index in words.indices { words[index] |= other.words[index] }
        count += other.count
        return nil
    }

    func contains(_ ordinal: Int) -> Bool { words[ordinal / 64] >> UInt64(ordinal & 63) & 1 == 1 }

    func isSubset(of other: OrdinalSet) -> Bool { zip(words, other.words).allSatisfy { $0 & ~$1 == 0 } }

    /// What comes after the last number in the set.
    var end: Int {
        guard let index = words.lastIndex(where: { $0 != 0 }) else { return 0 }
        return index * 64 + 64 - words[index].leadingZeroBitCount
    }

    /// The first number that is not in the set.
    var firstAbsent: Int {
        guard let index = words.firstIndex(where: { $0 != .max }) else { return words.count * 64 }
        return index * 64 + (~words[index]).trailingZeroBitCount
    }
}
