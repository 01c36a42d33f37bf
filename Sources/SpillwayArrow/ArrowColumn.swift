/// A column of a table that is written as Arrow. One value for each row; nil is null.
package struct ArrowColumn: Sendable {
    package enum Values: Sendable {
        /// `utf8`
        case texts([String?])
        /// `int64`
        case integers([Int64?])
        /// `float64`
        case numbers([Double?])
        /// `timestamp[us, UTC]`: microseconds since 1970-01-01T00:00:00Z.
        case instantsUs([Int64?])
    }

    package var name: String
    package var values: Values

    package init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }
}

extension ArrowColumn.Values {
    var count: Int {
        switch self {
        case .texts(let values): values.count
        case .integers(let values), .instantsUs(let values): values.count
        case .numbers(let values): values.count
        }
    }
}

/// A table that Arrow cannot hold.
package enum ArrowError: Error, Hashable, CustomStringConvertible {
    /// The texts of a batch are 2 GiB or more.
    case textTooLong(column: String)

    package var description: String {
        switch self {
        case .textTooLong(let column):
            "column \(column) holds too much text for Arrow: its values are of 32 KiB on average, or more"
        }
    }
}
