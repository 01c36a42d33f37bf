import SpillwayModel

/// How many registrations there are of each minute, country, platform and source, so that counting them reads no row.
///
/// In columns: the cells of a series, one of each minute that has any, lie side by side.
package struct Rollup: Hashable, Sendable {
    /// The registrations of one country, platform and source.
    package struct Series: Hashable, Sendable {
        package var key: SeriesKey
        /// Where its cells are among all, at least one.
        package var cells: Range<Int>
    }

    /// Ascending by key, each once.
    package private(set) var series: [Series] = []
    /// Of each cell, the minute since 1970 that its registrations were made in: ascending within a series, each once.
    package private(set) var minutes: [Int32] = []
    /// Of each cell, how many there are: never 0.
    package private(set) var counts: [UInt32] = []

    package init() {}

    /// Of series and cells in the order that a rollup has them in.
    init(series: [Series], minutes: [Int32], counts: [UInt32]) {
        (self.series, self.minutes, self.counts) = (series, minutes, counts)
    }

    /// - Precondition: `key` is above those before it, and minutes and counts are as ``minutes`` and ``counts`` have them.
    package mutating func append(_ key: SeriesKey, minutes: some Collection<Int32>, counts: some Collection<UInt32>) {
        precondition(!minutes.isEmpty && minutes.count == counts.count)
        precondition(series.last.map { $0.key < key } ?? true)
        let first = self.minutes.count
        self.minutes += minutes
        self.counts += counts
        series.append(Series(key: key, cells: first..<self.minutes.count))
    }

    package var registrations: Int {
        // No array is so long that 64 bits do not hold it.
        Int(truncatingIfNeeded: counts.reduce(UInt64(0)) { $0 &+ UInt64($1) })
    }
}

/// How much of a rollup is asked for.
package enum RollupDetail: Hashable, Sendable {
    /// Every cell.
    case minutes
    /// What each series counts of all time, in one cell of minute 0: much less to decode.
    case totals
}

/// A country, a platform and a source in one word, as they are in ``PackedAttributes``. Labels have other numbers in
/// another process: never persisted.
package struct SeriesKey: Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inline(__always)
    package init(_ attributes: PackedAttributes) {
        rawValue = UInt32(truncatingIfNeeded: attributes.rawValue >> PackedAttributes.sourceShift)
    }

    package init(country: Country, platform: Label, source: Label) {
        self.init(PackedAttributes(country: country, platform: platform, source: source, latencyUs: 0))
    }

    private var attributes: PackedAttributes {
        PackedAttributes(rawValue: UInt64(rawValue) << PackedAttributes.sourceShift)
    }
    package var country: Country { attributes.country }
    package var platform: Label { attributes.platform }
    package var source: Label { attributes.source }

    package static func < (a: SeriesKey, b: SeriesKey) -> Bool { a.rawValue < b.rawValue }
}
