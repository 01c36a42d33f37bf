import CSpillwayKernels

/// Positions in a list of keys, by what became of each key; in memory that is reused.
struct KeyPositions: ~Copyable {
    private var lists: spillway_index_positions
    private var capacity = 0

    init() {
        lists = spillway_index_positions(
            fresh: .allocate(capacity: 0), fresh_count: 0, known: .allocate(capacity: 0), known_count: 0,
            stray: .allocate(capacity: 0), stray_count: 0)
    }

    deinit { deallocate() }

    private func deallocate() {
        lists.fresh.deallocate()
        lists.known.deallocate()
        lists.stray.deallocate()
    }

    var freshCount: Int { lists.fresh_count }
    var knownCount: Int { lists.known_count }

    /// Of the keys that are new.
    func fresh(_ index: Int) -> Int {
        precondition(index >= 0 && index < lists.fresh_count)
        return Int(lists.fresh[index])
    }

    /// Of the keys that were there.
    func known(_ index: Int) -> Int {
        precondition(index >= 0 && index < lists.known_count)
        return Int(lists.known[index])
    }

    /// Empties the lists, with room for `count` positions in each, and has `body` fill them.
    mutating func fill(count: Int, _ body: (inout spillway_index_positions) -> Void) {
        removeAll(capacity: count)
        body(&lists)
    }

    /// Asks of each stray whether it is new.
    mutating func settle(_ isNew: (Int) -> Bool) {
        for index in 0..<lists.stray_count {
            let position = Int(lists.stray[index])
            if isNew(position) { appendFresh(position) } else { appendKnown(position) }
        }
        lists.stray_count = 0
    }

    mutating func appendFresh(_ position: Int) {
        precondition(lists.fresh_count < capacity)
        lists.fresh[lists.fresh_count] = UInt32(truncatingIfNeeded: position)
        lists.fresh_count += 1
    }

    mutating func appendKnown(_ position: Int) {
        precondition(lists.known_count < capacity)
        lists.known[lists.known_count] = UInt32(truncatingIfNeeded: position)
        lists.known_count += 1
    }

    mutating func removeAll(capacity needed: Int) {
        if capacity < needed {
            deallocate()
            lists.fresh = .allocate(capacity: needed)
            lists.known = .allocate(capacity: needed)
            lists.stray = .allocate(capacity: needed)
            capacity = needed
        }
        lists.fresh_count = 0
        lists.known_count = 0
        lists.stray_count = 0
    }
}
