import SpillwayModel

/// What became of a replay's attempts, by region.
struct ReplayTotals: Sendable {
    /// Attempts from countries that there are not have a row behind those of the regions.
    static let rowCount = Region.allCases.count + 1
    private static let outcomeCount = 2 + Refusal.Reason.allCases.count
    private static let rowOfCountry: [UInt8] = {
        var rows = [UInt8](repeating: UInt8(Region.allCases.count), count: 256)
        for (index, region) in Country.regions.enumerated() {
            rows[index] = UInt8(Region.allCases.firstIndex(of: region) ?? Region.allCases.count)
        }
        return rows
    }()

    private(set) var attempts = 0
    /// Attempts by row, then by outcome code.
    private var counts = [Int](repeating: 0, count: rowCount * outcomeCount)

    /// Adds a batch's outcomes; `countries` are those of its attempts.
    mutating func add(_ outcomes: Outcomes, of countries: [Country]) {
        let (rows, countries, codes) = (Self.rowOfCountry.span, countries.span, outcomes.codes.span)
        for attempt in codes.indices {
            let row = Int(rows[Int(countries[attempt].index)])
            counts[row * Self.outcomeCount + Int(codes[attempt].rawValue)] += 1
        }
        attempts += codes.count
    }

    static func += (total: inout ReplayTotals, part: ReplayTotals) {
        total.attempts += part.attempts
        for index in total.counts.indices { total.counts[index] += part.counts[index] }
    }

    var accepted: Int { count(.accepted) }
    var duplicates: Int { count(.duplicate) }

    func accepted(from region: Region) -> Int { Self.row(of: region).map(accepted(row:)) ?? 0 }
    func duplicates(from region: Region) -> Int { Self.row(of: region).map(duplicates(row:)) ?? 0 }

    /// Attempts by why they were refused; only reasons that occurred.
    var refused: [(reason: Refusal.Reason, count: Int)] {
        Refusal.Reason.allCases.map { ($0, count(.refused($0))) }.filter { $0.count > 0 }
    }

    func refused(from region: Region) -> [(reason: Refusal.Reason, count: Int)] {
        guard let row = Self.row(of: region) else { return [] }
        return Refusal.Reason.allCases.map { ($0, count(.refused($0), row: row)) }.filter { $0.count > 0 }
    }

    private static func row(of region: Region) -> Int? { Region.allCases.firstIndex(of: region) }

    private func count(_ code: OutcomeCode) -> Int {
        (0..<Self.rowCount).reduce(0) { $0 + count(code, row: $1) }
    }

    private func count(_ code: OutcomeCode, row: Int) -> Int { counts[row * Self.outcomeCount + Int(code.rawValue)] }
}

/// By row: a region's index among all of them, and one more.
extension ReplayTotals {
    func accepted(row: Int) -> Int { count(.accepted, row: row) }
    func duplicates(row: Int) -> Int { count(.duplicate, row: row) }

    func attempts(row: Int) -> Int {
        counts[row * Self.outcomeCount..<(row + 1) * Self.outcomeCount].reduce(0, +)
    }
}
