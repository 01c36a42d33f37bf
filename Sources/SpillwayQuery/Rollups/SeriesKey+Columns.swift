import SpillwayModel
import SpillwayStore

extension SeriesKey {
    /// The key of all series that are alike in these columns: a stand-in for the rest, and for a region its first
    /// country.
    func keeping(_ columns: Set<QueryColumn>) -> SeriesKey {
        SeriesKey(
            country: columns.contains(.country)
                ? country : columns.contains(.region) ? country.firstOfRegion : .unknown,
            platform: columns.contains(.platform) ? platform : .invalid,
            source: columns.contains(.source) ? source : .invalid)
    }
}

extension Country {
    fileprivate var firstOfRegion: Country {
        region.flatMap { Self.firstOfRegions[$0] } ?? .unknown
    }

    private static let firstOfRegions = Dictionary(
        all.compactMap { country in country.region.map { ($0, country) } }, uniquingKeysWith: { first, _ in first })
}
