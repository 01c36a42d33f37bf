internal import SpillwayModel

/// Labels drawn by weight in constant time: an alias table (Walker 1977, in Vose's form of 1991).
struct WeightedLabels: Sendable {
    static let maximumCount = 64

    private struct Entry {
        /// Of the entry's share, out of 2³²: below it the label is `own`, else `other`.
        var threshold: UInt64
        var own: Label
        var other: Label
    }
    /// A power of two of them.
    private let entries: [Entry]

    /// - Precondition: 1 to ``maximumCount`` labels, the weights not negative and not all 0.
    init(_ weights: [(label: Label, weight: Double)]) {
        precondition(!weights.isEmpty && weights.count <= Self.maximumCount)
        var count = 1
        while count < weights.count { count *= 2 }
        let total = weights.reduce(0) { $0 + $1.weight }
        precondition(total > 0)
        var shares = (0..<count).map { $0 < weights.count ? weights[$0].weight / total * Double(count) : 0 }
        var entries = (0..<count).map { index in
            let label = weights[min(index, weights.count - 1)].label
            return Entry(threshold: 1 << 32, own: label, other: label)
        }
        var small = shares.indices.filter { shares[$0] < 1 }
        var large = shares.indices.filter { shares[$0] >= 1 }
        // Each entry that is less than full is filled up from one that is more.
        while let poor = small.popLast(), let rich = large.last {
            entries[poor].threshold = UInt64((shares[poor] * 4_294_967_296).rounded())
            entries[poor].other = entries[rich].own
            shares[rich] -= 1 - shares[poor]
            if shares[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
        self.entries = entries
    }

    /// The label that 32 random bits choose.
    @inline(__always)
    func label(_ bits: UInt64) -> Label {
        let product = bits &* UInt64(entries.count)
        let entry = entries[Int(truncatingIfNeeded: product >> 32)]
        return product & 0xffff_ffff < entry.threshold ? entry.own : entry.other
    }
}
