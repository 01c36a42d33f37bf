import ArgumentParser
import SpillwayModel
import SpillwayQuery

// What is typed after the options of `query`. Each says what would have been right.

struct QueryFilter {
    var column: QueryColumn
    var value: String

    init(argument: String) throws {
        guard let equals = argument.firstIndex(of: "=") else {
            throw ValidationError("'\(argument)' is not column=value, such as region=Asia")
        }
        column = try QueryColumn(argument: argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
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
