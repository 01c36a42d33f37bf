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
        for row in times.indices {
            if vector.isNull(row) {
                bad.add(row, column: name, "is null; \(column.wanted) is wanted")
            } else if let time = time(vector.integers[row], vector.type) {
                times[row] = time
            } else {
                bad.add(row, column: name, "found \(vector.integers[row]), which is no time; \(wanted(vector.type))")
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
        for row in times.indices {
            if vector.isNull(row) {
                bad.add(row, column: name, "is null; \(column.wanted) is wanted")
            } else if let time = found[Int(vector.codes[row])] {
                times[row] = time
            } else {
                bad.add(row, column: name, "\(vector.quoted(row)) is no time; \(column.wanted) is wanted")
            }
        }
    }

    /// Nil for what 64 bits of microseconds cannot hold, and an integer that ``epoch(_:)`` cannot tell.
    static func time(_ value: Int64, _ type: InterchangeType) -> Timestamp? {
        switch type {
        case .timestamp(.microseconds): Timestamp(rawValue: value)
        case .timestamp(.nanoseconds): Timestamp(rawValue: value.flooredDivision(by: 1000).quotient)
        case .timestamp(.milliseconds): scaled(value, by: 1000)
        case .date: scaled(value, by: 86_400 * Timestamp.microsecondsPerSecond)
        case .signed, .unsigned: epoch(value)
        case .real, .text, .other: nil
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
