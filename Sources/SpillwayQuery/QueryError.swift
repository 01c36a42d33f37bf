import SpillwayModel
import SpillwayStore

/// Why a query has no answer.
public enum QueryError: Error, Hashable, Sendable {
    /// A filter names a region or a country that there is not.
    case unknownValue(String, column: QueryColumn)
    /// The bounds of time are in the wrong order.
    case emptyTimeRange(since: Timestamp, until: Timestamp)
    case percentileOutOfRange(Double)
    /// There is no such time zone.
    case unknownTimeZone(String)
    /// A peak minute is asked for of buckets that are not whole minutes.
    case peakMinuteOfPartMinutes
    /// Attempts are asked for by something else than region and whole minutes.
    case attemptsNotTallied
    /// The query was told to stop.
    case cancelled
    /// More groups than can be numbered, or than memory has room for.
    case tooManyGroups
    /// A file of a snapshot is gone: the store was erased from or vacuumed since.
    case outdated(path: String)
    /// The store could not be read.
    case store(StoreError)
}

extension QueryError: CustomStringConvertible {
    private static func countryAdvice(_ value: String) -> String {
        let named = Country.all.first { $0.name.lowercased() == value.lowercased() }
        if let named { return "give \(named.code)" }
        return "give one of \(Country.all.map(\.code).joined(separator: ", "))"
    }

    public var description: String {
        switch self {
        case .unknownValue(let value, .region):
            "'\(value)' is not a region: name one of \(Region.allCases.map(\.rawValue).joined(separator: ", "))"
        case .unknownValue(let value, .country):
            "'\(value)' is not a country's ISO 3166-1 alpha-2 code: \(Self.countryAdvice(value))"
        case .unknownValue(let value, let column):
            "'\(value)' is not a \(column.rawValue)"
        case .emptyTimeRange(let since, let until):
            "no time is at or after \(since.rfc3339) and before \(until.rfc3339): give an end after the beginning"
        case .percentileOutOfRange(let percentile):
            "\(percentile) is not a percentile: give numbers above 0, up to 100"
        case .unknownTimeZone(let name):
            """
            '\(name)' is not a time zone: give a name of the IANA database such as America/Sao_Paulo, or a region's
            """
        case .peakMinuteOfPartMinutes:
            "a bucket of less than a minute, or of a minute and a part, has no peak minute: divide time by whole minutes"
        case .attemptsNotTallied:
            """
            attempts are counted by region and minute only: group by region or not at all, divide and bound time by whole \
            minutes, filter by nothing but region
            """
        case .cancelled: "the query was cancelled"
        case .tooManyGroups:
            """
            the query has more groups than can be counted: group by fewer columns, by a longer interval, or allow more \
            memory
            """
        case .outdated(let path):
            "\(path) was deleted after the snapshot was taken, by a vacuum or an erasure: take another snapshot"
        case .store(let error): error.description
        }
    }
}
