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
        let known = codes.withUnsafeBytes { Self.duplicates(in: $0) }
        if let known {
            duplicates += known
            accepted += codes.count - known
        } else {
            addOneByOne(codes)
        }
    }

    /// Nil if there is anything but accepted ones, bytes that are 0, and duplicates, bytes that are 1.
    private static func duplicates(in codes: UnsafeRawBufferPointer) -> Int? {
        let wordBytes = MemoryLayout<UInt64>.size
        var (all, ones) = (UInt64(0), 0)
        for offset in stride(from: 0, through: codes.count - wordBytes, by: wordBytes) {
            let word = codes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            all |= word
            ones &+= word.nonzeroBitCount
        }
        for code in codes.suffix(codes.count % wordBytes) {
            all |= UInt64(code)
            ones += code.nonzeroBitCount
        }
        return all & 0xfefe_fefe_fefe_fefe == 0 ? ones : nil
    }

    private mutating func addOneByOne(_ codes: [OutcomeCode]) {
        for code in codes {
            switch code.outcome {
            case .accepted: accepted += 1
            case .duplicate: duplicates += 1
            case .refused(let refusal): refused[refusal.reason, default: 0] += 1
            }
        }
    }
}
