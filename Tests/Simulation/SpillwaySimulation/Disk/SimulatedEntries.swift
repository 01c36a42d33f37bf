import SpillwayTestSupport

/// Names in directories: as programs see them, and as the device holds them. A change of names is durable once its
/// directory is synced; until then a loss of power may undo it, each on its own.
struct SimulatedEntries {
    /// A directory's number, and a name in it.
    struct Place: Hashable {
        var directory: Int
        var name: String
    }

    /// One atomic operation: a creation, link, removal or rename.
    private struct Change {
        /// What each place names from then on; nil for nothing.
        var entries: [(place: Place, inode: Int?)]
        /// The directory whose sync makes it durable: a rename's target.
        var directory: Int
    }

    private(set) var current: [Place: Int] = [:]
    private(set) var durable: [Place: Int] = [:]
    /// In the order in which they were made.
    private var unsynced: [Change] = []

    subscript(place: Place) -> Int? { current[place] }

    /// In alphabetical order, so that a run does not depend on hashing.
    func names(in directory: Int) -> [String] {
        current.keys.filter { $0.directory == directory }.map(\.name).sorted()
    }

    mutating func set(_ place: Place, to inode: Int?) {
        make(Change(entries: [(place, inode)], directory: place.directory))
    }

    mutating func rename(_ source: Place, to target: Place) {
        make(Change(entries: [(source, nil), (target, current[source])], directory: target.directory))
    }

    private mutating func make(_ change: Change) {
        Self.apply(change, to: &current)
        unsynced.append(change)
    }

    /// Makes durable all changes in a directory, and the earlier ones that they build on.
    mutating func sync(_ directory: Int) {
        var places: Set<Place> = []
        var synced: [Change] = []
        var rest: [Change] = []
        for change in unsynced.reversed() {
            if change.directory == directory || change.entries.contains(where: { places.contains($0.place) }) {
                places.formUnion(change.entries.map(\.place))
                synced.append(change)
            } else {
                rest.append(change)
            }
        }
        for change in synced.reversed() { Self.apply(change, to: &durable) }
        unsynced = rest.reversed()
    }

    /// Leaves the names that the device holds: those that are durable, and any of the changes since.
    mutating func losePower(_ random: inout SplitMix64) {
        for change in unsynced where Bool.random(using: &random) { Self.apply(change, to: &durable) }
        unsynced = []
        current = durable
    }

    /// Forgets all others. Only right after ``losePower(_:)``.
    mutating func keep(where isKept: (Place) -> Bool) {
        durable = durable.filter { isKept($0.key) }
        current = durable
    }

    private static func apply(_ change: Change, to entries: inout [Place: Int]) {
        for (place, inode) in change.entries { entries[place] = inode }
    }
}
