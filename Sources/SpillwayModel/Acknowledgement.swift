/// The answer to a batch: one outcome per attempt, in the batch's order.
public struct Acknowledgement: Sendable {
    /// What the outcomes promise.
    public let durability: Durability
    public let outcomes: Outcomes

    package init(durability: Durability, codes: [OutcomeCode]) {
        self.durability = durability
        self.outcomes = Outcomes(codes: codes)
    }

    /// How many attempts had each outcome.
    ///
    /// - Complexity: O(attempts)
    public var counts: OutcomeCounts {
        var counts = OutcomeCounts()
        counts.add(outcomes.codes)
        return counts
    }
}

/// The outcomes of a batch's attempts, by index.
public struct Outcomes: RandomAccessCollection, Sendable {
    package let codes: [OutcomeCode]

    public var startIndex: Int { 0 }
    public var endIndex: Int { codes.count }
    public subscript(index: Int) -> Outcome { codes[index].outcome }
}

/// Attempts by what became of them.
public struct OutcomeCounts: Hashable, Sendable {
    public var accepted = 0
    public var duplicates = 0
    /// Only reasons that occurred.
    public var refused: [Refusal.Reason: Int] = [:]

    public init() {}

    public var attempts: Int { accepted + duplicates + refused.values.reduce(0, +) }

    public static func += (total: inout OutcomeCounts, part: OutcomeCounts) {
        total.accepted += part.accepted
        total.duplicates += part.duplicates
        total.refused.merge(part.refused, uniquingKeysWith: +)
    }

    mutating func add(_ codes: [OutcomeCode]) {
        var seen = [Int](repeating: 0, count: 2 + Refusal.Reason.allCases.count)
        for code in codes { seen[Int(code.rawValue)] += 1 }
        accepted += seen[0]
        duplicates += seen[1]
        for reason in Refusal.Reason.allCases where seen[2 + Int(reason.rawValue)] > 0 {
            refused[reason, default: 0] += seen[2 + Int(reason.rawValue)]
        }
    }
}
