import ArgumentParser
import SpillwayModel
import SpillwayQuery

// What is typed after the options of `query`. Each says what would have been right.

/// A condition such as `region=Asia` or `latency>100ms`.
struct QueryFilter {
    private enum Condition {
        case value(QueryColumn, String)
        case latencyUs(ClosedRange<Int>)
        case identities(ClosedRange<Identity>)
    }

    private let condition: Condition

    init(argument: String) throws {
        guard let first = argument.firstIndex(where: "=<>".contains) else {
            throw ValidationError("'\(argument)' is not column=value, such as region=Asia, or 'latency>100ms'")
        }
        let (column, rest) = (argument[..<first], argument[first...])
        let comparison = rest.prefix(while: "=<>".contains)
        let value = rest[comparison.endIndex...]
        switch column {
        case "latency":
            guard let latencyUs = Self.latencyUs(value), let range = Self.range(comparison, latencyUs, of: Int.self)
            else { throw ValidationError("'\(argument)' is not a latency, such as 'latency>100ms' or 'latency<=5s'") }
            condition = .latencyUs(range)
        case "identity":
            guard let number = UInt64(value), let range = Self.range(comparison, number, of: UInt64.self) else {
                throw ValidationError("'\(argument)' is not an identity, such as 'identity>=4917600000000'")
            }
            condition = .identities(Identity(rawValue: range.lowerBound)...Identity(rawValue: range.upperBound))
        default:
            let column = try QueryColumn(argument: column)
            guard comparison == "=" else {
                throw ValidationError("'\(argument)' compares: \(column.rawValue) is one value or another, give =")
            }
            condition = .value(column, String(value))
        }
    }

    /// `100ms`, `5s`, `250us`
    private static func latencyUs(_ text: Substring) -> Int? {
        let units: [(String, Double)] = [("us", 1), ("µs", 1), ("ms", 1e3), ("s", 1e6)]
        guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let number = Double(text.dropLast(unit.count)), (0...1e12).contains(number * factor)
        else { return nil }
        return Int((number * factor).rounded())
    }

    /// Nil where no value can be.
    private static func range<Value: FixedWidthInteger>(
        _ comparison: Substring, _ value: Value, of type: Value.Type
    ) -> ClosedRange<Value>? {
        switch comparison {
        case "=": value...value
        case ">=": value...Value.max
        case "<=": 0...value
        case ">": value < .max ? value + 1...Value.max : nil
        case "<": value > 0 ? 0...value - 1 : nil
        default: nil
        }
    }

    /// Adds the condition to those that a query has.
    func narrow(_ query: inout Query) throws {
        switch condition {
        case .value(let column, let value): query.filters[column, default: []].insert(value)
        case .latencyUs(let range): query.latencyUs = try Self.intersection(query.latencyUs, range, "latency")
        case .identities(let range): query.identities = try Self.intersection(query.identities, range, "identity")
        }
    }

    private static func intersection<Value>(
        _ known: ClosedRange<Value>?, _ range: ClosedRange<Value>, _ name: String
    ) throws -> ClosedRange<Value> {
        guard let known else { return range }
        let (low, high) = (max(known.lowerBound, range.lowerBound), min(known.upperBound, range.upperBound))
        guard low <= high else { throw ValidationError("no \(name) meets all of the conditions") }
        return low...high
    }
}

struct Percentile {
    var value: Double
    /// As JSON and tables name it: `p99.9`.
    var name: String

    init(argument: some StringProtocol) throws {
        guard let value = Double(String(argument)), value > 0, value <= 100 else {
            throw ValidationError("'\(argument)' is not a percentile: give numbers above 0, up to 100")
        }
        self.value = value
        name = "p\(argument)"
    }
}

extension QueryColumn {
    init(argument: some StringProtocol) throws {
        guard let column = QueryColumn(rawValue: String(argument)) else {
            let names = QueryColumn.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(argument)' is not a column to ask for: name one of \(names)")
        }
        self = column
    }
}

extension QueryInterval {
    init(argument: String) throws {
        guard let unit = argument.last, let count = Int(argument.dropLast()), (1...1_000_000).contains(count)
        else {
            throw ValidationError("'\(argument)' is not an interval, such as 1m, 1h or 1d")
        }
        switch unit {
        case "s": self = .seconds(count)
        case "m": self = .minutes(count)
        case "h": self = .hours(count)
        case "d": self = .days(count)
        default: throw ValidationError("'\(argument)' does not end in s, m, h or d, as 1m, 1h and 1d do")
        }
    }
}

extension Timestamp {
    init(argument: String) throws {
        guard let time = Timestamp(rfc3339: argument) else {
            throw ValidationError("'\(argument)' is not a time, such as 2021-10-04 or 2021-10-04T15:40:00Z")
        }
        self = time
    }
}

extension QueryMeasure {
    private static let names: [(String, QueryMeasure)] = [
        ("share", .share), ("running-total", .runningTotal), ("first-last", .firstAndLast),
        ("peak-second", .peakSecond), ("peak-minute", .peakMinute), ("attempts", .attempts),
    ]

    init(argument: some StringProtocol) throws {
        guard let (_, measure) = Self.names.first(where: { $0.0 == argument }) else {
            let names = Self.names.map(\.0).joined(separator: ", ")
            throw ValidationError("'\(argument)' cannot be shown: name some of \(names)")
        }
        self = measure
    }
}

/// What counts are held against: a time, a store's directory, or so many registrations in a time.
enum ComparisonBaseline: ExpressibleByArgument {
    case time(Timestamp)
    case store(String)
    case norm(SendRate)

    init(argument: String) {
        if let time = Timestamp(rfc3339: argument) {
            self = .time(time)
        } else if let rate = SendRate(argument: argument) {
            self = .norm(rate)
        } else {
            self = .store(argument)
        }
    }

    func baseline(memoryLimitBytes: Int) throws -> QueryBaseline {
        switch self {
        case .time(let time): .time(from: time)
        case .store(let path): .store(try Snapshot(ofStoreAt: path, memoryLimitBytes: memoryLimitBytes))
        case .norm(let rate): .norm(registrationsPerDay: rate.perSecond * 86_400)
        }
    }
}
