extension NumberPlan {
    /// Reads a pattern: groups of digits set apart by one space, the last of them `x` for each free digit. A
    /// group is a list of alternatives: `55 11-19,21,22 9 xxxxxxxx` stands for 55 11 9…, 55 12 9…, … 55 22 9….
    /// Nil if it is malformed or makes numbers that are not E.164 (7 to 15 digits).
    init?(pattern: String) {
        var groups = pattern.split(separator: " ", omittingEmptySubsequences: false)
        guard let free = groups.popLast(), (1...9).contains(free.utf8.count), free.allSatisfy({ $0 == "x" })
        else { return nil }
        var prefixes = [""]
        for group in groups {
            guard let alternatives = Self.alternatives(of: group) else { return nil }
            prefixes = prefixes.flatMap { prefix in alternatives.map { prefix + $0 } }
        }
        let padding = String(repeating: "0", count: free.utf8.count)
        var blocks: [UInt64] = []
        for prefix in prefixes {
            let first = prefix + padding
            guard (7...15).contains(first.utf8.count), !first.hasPrefix("0"), let number = UInt64(first)
            else { return nil }
            blocks.append(number)
        }
        self.init(blocks: blocks, freeDigits: free.utf8.count)
    }

    /// `11-13,21` as 11, 12, 13, 21. The ends of a range have equally many digits, and so has all between.
    private static func alternatives(of group: Substring) -> [String]? {
        var alternatives: [String] = []
        for item in group.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = item.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let last = ends.last, ends.count <= 2,
                (1...9).contains(first.utf8.count), first.utf8.count == last.utf8.count,
                (first + last).utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let low = Int(first), let high = Int(last), low <= high
            else { return nil }
            for value in low...high {
                let digits = String(value)
                let zeros = String(repeating: "0", count: first.utf8.count - digits.utf8.count)
                alternatives.append(zeros + digits)
            }
        }
        return alternatives
    }
}
