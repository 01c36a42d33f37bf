import SpillwayModel

/// What a command found, as typed columns. Every form that results are printed in is made of it, and of nothing else.
struct ResultTable {
    /// One value for each row; nil where there is none.
    enum Values {
        /// Names of groups.
        case labels([String?])
        /// Points in time: where buckets begin, or when something happened.
        case instants([Timestamp?])
        case counts([Int?])
        case durationsUs([Int?])
        /// Parts of a whole, 0 … 1.
        case shares([Double?])
        /// How many times as much; also below 0, where it says by how much.
        case ratios([Double?])
    }

    struct Column {
        /// As scripts know it: `registrations`. What is before a point is the object in JSON that holds what is behind
        /// it: `latencyUs.p99`.
        var key: String
        /// As people know it: `Registrations`.
        var title: String
        var values: Values
        /// Whether rows are told apart by it.
        var isKey = false
        /// Whether the rows' values add up to a total.
        var isAdditive = false
    }

    /// Keys come first.
    let columns: [Column]
    let rowCount: Int
    /// The width of the time buckets that rows are about; nil if time is not divided.
    let bucketUs: Int64?

    /// - Precondition: a value for every row in every column, keys before all others.
    init(_ columns: [Column], rowCount: Int, bucketUs: Int64? = nil) {
        precondition(columns.allSatisfy { $0.values.count == rowCount })
        precondition(columns.drop(while: \.isKey).allSatisfy { !$0.isKey })
        self.columns = columns
        self.rowCount = rowCount
        self.bucketUs = bucketUs
    }

    var keys: ArraySlice<Column> { columns.prefix(while: \.isKey) }
    var measures: ArraySlice<Column> { columns.drop(while: \.isKey) }
}

extension ResultTable.Values {
    var count: Int {
        switch self {
        case .labels(let values): values.count
        case .instants(let values): values.count
        case .counts(let values), .durationsUs(let values): values.count
        case .shares(let values), .ratios(let values): values.count
        }
    }

    /// As numbers to be drawn; nil for what is no quantity.
    var quantities: [Double?]? {
        switch self {
        case .labels, .instants: nil
        case .counts(let values), .durationsUs(let values): values.map { $0.map(Double.init) }
        case .shares(let values), .ratios(let values): values
        }
    }

    /// Whether groups are told apart by it, as a key; others are about a time.
    var isName: Bool { if case .instants = self { false } else { true } }

    /// Whether people look for the digits of a value under those of the one above.
    var isNumeric: Bool {
        switch self {
        case .labels, .instants: false
        case .counts, .durationsUs, .shares, .ratios: true
        }
    }
}

extension ResultTable.Column {
    /// What all rows come to, if that means something and can be counted.
    var total: Int? {
        guard isAdditive, case .counts(let values) = values else { return nil }
        var total = 0
        for value in values {
            let (sum, overflow) = total.addingReportingOverflow(value ?? 0)
            if overflow { return nil }
            total = sum
        }
        return total
    }
}
