internal import SpillwayInterchange
internal import SpillwayModel

/// Makes times out of whatever a column has for them.
enum ForeignTimes {
    /// Fills `times`; a row without a time is bad.
    static func fill(
        _ times: inout [Timestamp], _ vector: ColumnVector?, _ column: RecordingColumn, _ name: String,
        _ bad: inout BadRows
    ) {
        guard let vector else { return }
        if vector.type == .text { return fill(&times, texts: vector, column, name, &bad) }
        let (type, unit, integers, nulls) = (vector.type, Unit(vector.type), vector.integers, vector.nulls)
        for row in times.indices {
            if !nulls.isEmpty, nulls[row] {
                bad.add(row, column: name, "is null; \(column.wanted) is wanted")
            } else if let time = unit?.time(integers[row]) {
                times[row] = time
            } else {
                bad.add(row, column: name, "found \(integers[row]), which is no time; \(wanted(type))")
            }
        }
    }

    private static func fill(
        _ times: inout [Timestamp], texts vector: ColumnVector, _ column: RecordingColumn, _ name: String,
        _ bad: inout BadRows
    ) {
        var values = RecordingText()
        var found: [Timestamp?] = []
        found.reserveCapacity(vector.texts.count)
        vector.texts.forEach { found.append(values.time($0)) }
        let (codes, nulls) = (vector.codes, vector.nulls)
        for row in times.indices {
            if !nulls.isEmpty, nulls[row] {
                bad.add(row, column: name, "is null; \(column.wanted) is wanted")
            } else if let time = found[Int(codes[row])] {
                times[row] = time
            } else {
                bad.add(row, column: name, "\(vector.quoted(row)) is no time; \(column.wanted) is wanted")
            }
        }
    }

    /// Nil for what 64 bits of microseconds cannot hold, and an integer whose unit does not show.
    static func time(_ value: Int64, _ type: InterchangeType) -> Timestamp? { Unit(type)?.time(value) }

    /// What a column of numbers counts since 1970.
    private enum Unit {
        case days, milliseconds, microseconds, nanoseconds
        /// What the number of its digits says.
        case shown

        init?(_ type: InterchangeType) {
            switch type {
            case .timestamp(.milliseconds): self = .milliseconds
            case .timestamp(.microseconds): self = .microseconds
            case .timestamp(.nanoseconds): self = .nanoseconds
            case .date: self = .days
            case .signed, .unsigned: self = .shown
            case .real, .text, .nothing, .other: return nil
            }
        }

        @inline(__always)
        func time(_ value: Int64) -> Timestamp? {
            switch self {
            case .microseconds: Timestamp(rawValue: value)
            case .nanoseconds: Timestamp(rawValue: value.flooredDivision(by: 1000).quotient)
            case .milliseconds: scaled(value, by: 1000)
            case .days: scaled(value, by: 86_400_000_000)
            case .shown: epoch(value)
            }
        }
    }

    private static func scaled(_ value: Int64, by factor: Int64) -> Timestamp? {
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Timestamp(rawValue: product)
    }

    /// A count since 1970 whose number of digits shows its unit, from September 2001 to November 2286: the units are
    /// three digits apart, so that no number can be of two of them.
    private static func epoch(_ value: Int64) -> Timestamp? {
        switch value {
        case 1_000_000_000..<10_000_000_000: Timestamp(rawValue: value * 1_000_000)
        case 1_000_000_000_000..<10_000_000_000_000: Timestamp(rawValue: value * 1000)
        case 1_000_000_000_000_000..<10_000_000_000_000_000: Timestamp(rawValue: value)
        case 1_000_000_000_000_000_000...: Timestamp(rawValue: value / 1000)
        default: nil
        }
    }

    private static func wanted(_ type: InterchangeType) -> String {
        switch type {
        case .signed, .unsigned:
            "integers of 10, 13, 16 or 19 digits are taken for s, ms, µs or ns since 1970: write a timestamp column"
        default: "64 bits of microseconds since 1970 are allowed"
        }
    }
}

extension ColumnVector {
    /// A row's text as messages show it: not all of it, if it is long.
    func quoted(_ row: Int) -> String {
        let text = texts[Int(codes[row])]
        return "'\(text.prefix(40))\(text.count > 40 ? "…" : "")'"
    }
}
