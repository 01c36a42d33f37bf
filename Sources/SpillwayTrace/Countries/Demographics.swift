package import SpillwayModel

/// What a scenario assumes of a country unless it says otherwise: its weight among the countries of its region,
/// and when its day begins.
package struct Demographics: Sendable {
    /// Thousands of people, rounded: 0 where nobody lives for long.
    package let populationThousands: Int
    /// Standard time in the most populous time zone, minutes ahead of UTC.
    package let utcOffsetMinutes: Int

    /// Demographics by index in the country table.
    package static let all: [Demographics] = zip(table, Country.codes).map { row, code in
        precondition(row.code == code, "the row of \(row.code) is where that of \(code) belongs")
        return Demographics(
            populationThousands: row.populationThousands, utcOffsetMinutes: row.utcOffsetMinutes)
    }

    /// - Precondition: `country` is not ``Country/unknown``.
    package static func of(_ country: Country) -> Demographics { all[Int(country.index)] }
}
