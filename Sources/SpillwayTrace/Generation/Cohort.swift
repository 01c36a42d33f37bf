/// One country's registrations of one slice, divided among what their clients do: those who have a further attempt are
/// consecutive ones of them, from a place of their own for each kind, so that nobody has to be asked.
struct Cohort {
    let country: Int
    let origin: Int
    private let key: UInt64
    /// Those whose original comes late.
    let late: Range<UInt64>
    /// All others.
    let punctual: Range<UInt64>

    init(_ counters: Range<UInt64>, country: Int, origin: Int, key: UInt64, lateShare: Double) {
        self.country = country
        self.origin = origin
        self.key = mix(key &+ UInt64(origin) &* 0x9e37_79b9_7f4a_7c15)
        let lateCount = Self.part(lateShare, of: counters.count, mix(self.key &+ 1))
        late = counters.lowerBound..<counters.lowerBound + UInt64(lateCount)
        punctual = late.upperBound..<counters.upperBound
    }

    /// How many of the punctual ones have an attempt of the kind that `share` of them have. For a smaller share they are
    /// the first ones of those for a larger share.
    func count(_ kind: AttemptKind, share: Double) -> Int {
        Self.part(share, of: punctual.count, mix(key &+ 2 &+ UInt64(kind.rawValue)))
    }

    /// A number whose mean is `share` of `whole`.
    private static func part(_ share: Double, of whole: Int, _ bits: UInt64) -> Int {
        min(whole, Int(Double(whole) * share + Double(bits >> 11) * 0x1p-53))
    }

    /// Where among the punctual ones those with this kind of attempt begin; they go on at the first after the last.
    private func start(_ kind: AttemptKind) -> Int { rotation(100 + UInt64(kind.rawValue), below: punctual.count) }

    private func rotation(_ purpose: UInt64, below count: Int) -> Int {
        Int(
            truncatingIfNeeded: mix(key &+ purpose &* 0xd1b5_4a32_d192_ed03).multipliedFullWidth(by: UInt64(count)).high
        )
    }

    /// Hands out the consecutive counters of those with ranks `ranks` among those with this kind of attempt, and each
    /// stretch's first rank.
    func forEachStretch(_ kind: AttemptKind, _ ranks: Range<Int>, _ body: (Range<UInt64>, Int) -> Void) {
        if ranks.isEmpty { return }
        let first = (start(kind) + ranks.lowerBound) % punctual.count
        Self.unroll(first, ranks.count, ring: punctual.count) { stretch, done in
            let counters = punctual.lowerBound + UInt64(stretch.lowerBound)
            body(counters..<counters + UInt64(stretch.count), ranks.lowerBound + done)
        }
    }

    /// Hands out the ranks whose places in the window of attempt `number` are `places`, out of `count`, as stretches, and
    /// each one's first place. Who comes early in one window need not in another.
    func forEachRank(
        _ kind: AttemptKind, _ number: Int, places: Range<Int>, of count: Int, _ body: (Range<Int>, Int) -> Void
    ) {
        if places.isEmpty { return }
        let turn = rotation(1000 * (1 + UInt64(kind.rawValue)) + UInt64(number), below: count)
        Self.unroll((places.lowerBound + turn) % count, places.count, ring: count) { stretch, done in
            body(stretch, places.lowerBound + done)
        }
    }

    /// `count` consecutive numbers of a ring from `first` on, as one or two ranges, each with how many came before.
    private static func unroll(_ first: Int, _ count: Int, ring: Int, _ body: (Range<Int>, Int) -> Void) {
        let end = min(first + count, ring)
        body(first..<end, 0)
        if end - first < count { body(0..<count - (end - first), end - first) }
    }
}
