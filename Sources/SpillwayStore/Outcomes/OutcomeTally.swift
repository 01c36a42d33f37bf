import SpillwayModel

/// How many attempts brought no registration, of each region, minute and outcome: what no row tells.
package struct OutcomeTally: Hashable, Sendable {
    /// What is counted apart.
    package struct Cell: Hashable, Comparable, Sendable {
        /// Minute, region and outcome, ascending in this order.
        let rawValue: UInt64

        /// - Parameters:
        ///   - minute: since 1970; nil for a time that has no place among those that registrations can have.
        ///   - region: nil for an unknown country.
        ///   - outcome: not ``SpillwayModel/OutcomeCode/accepted``.
        package init(minute: Int32?, region: Region?, outcome: OutcomeCode) {
            self.init(minute: minute, regionNumber: Self.number(of: region), outcome: outcome)
        }

        /// Nil if there is no such outcome or region.
        init?(rawValue: UInt64) {
            self.rawValue = rawValue
            let outcomes = UInt8(1)..<UInt8(2 + Refusal.Reason.allCases.count)
            guard outcomes.contains(outcome.rawValue), regionNumber <= Region.allCases.count,
                rawValue >> Self.minuteShift <= UInt64(UInt32.max)
            else { return nil }
        }

        fileprivate init(minute: Int32?, regionNumber: UInt8, outcome: OutcomeCode) {
            let minute = UInt64(UInt32(bitPattern: minute ?? .min) ^ Self.signBit)
            rawValue =
                minute << Self.minuteShift | UInt64(regionNumber) << Self.regionShift | UInt64(outcome.rawValue)
        }

        /// Since 1970; nil for a time that no registration can have.
        package var minute: Int32? {
            let bits = UInt32(truncatingIfNeeded: rawValue >> Self.minuteShift)
            return bits == 0 ? nil : Int32(bitPattern: bits ^ Self.signBit)
        }

        /// Nil for an unknown country.
        package var region: Region? { regionNumber == 0 ? nil : Region.allCases[Int(regionNumber) - 1] }

        package var outcome: OutcomeCode { OutcomeCode(rawValue: UInt8(rawValue & 15)) }

        /// The place among all regions, counted from 1; 0 for none.
        private var regionNumber: UInt8 { UInt8(rawValue >> Self.regionShift & 15) }

        private static let (minuteShift, regionShift): (UInt64, UInt64) = (8, 4)
        /// Makes minutes before 1970 the lesser numbers.
        private static let signBit: UInt32 = 1 << 31

        /// 0 for none.
        fileprivate static func number(of region: Region?) -> UInt8 {
            region.flatMap(Region.allCases.firstIndex).map { UInt8($0 + 1) } ?? 0
        }

        package static func < (a: Cell, b: Cell) -> Bool { a.rawValue < b.rawValue }
    }

    /// Never 0.
    package private(set) var counts: [Cell: Int] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// Attempts in all.
    package var attempts: Int { counts.values.reduce(0) { $0.addingUpToMaximum($1) } }

    package mutating func add(_ cell: Cell, _ count: Int) {
        guard count > 0 else { return }
        counts[cell, default: 0] = (counts[cell] ?? 0).addingUpToMaximum(count)
    }

    package static func += (total: inout OutcomeTally, part: OutcomeTally) {
        if total.isEmpty {
            total = part
        } else {
            for (cell, count) in part.counts { total.add(cell, count) }
        }
    }
}

extension OutcomeTally {
    /// Counts those of a batch's attempts that were not accepted.
    ///
    /// - Parameter acceptedTimes: What registrations may have; other times' minutes are not told apart, so that cells
    ///   are no more than there are such minutes.
    /// - Complexity: O(attempts), and a few operations of a table for each region and minute that follow on another.
    package init(
        of batch: borrowing RegistrationBatch, _ outcomes: borrowing [OutcomeCode], acceptedTimes: Range<Timestamp>
    ) {
        let (times, countries, codes) = (batch.registeredAt.span, batch.country.span, outcomes.span)
        // Times mostly stay in a minute, and outcomes with duplicates: these are gathered by region until they do not.
        var duplicates = [Int](repeating: 0, count: Region.allCases.count + 1)
        var minute: Int32?
        var minuteUs = Int64.max...Int64.max
        func count(_ duplicates: inout [Int]) {
            for region in duplicates.indices where duplicates[region] > 0 {
                add(Cell(minute: minute, regionNumber: UInt8(region), outcome: .duplicate), duplicates[region])
                duplicates[region] = 0
            }
        }
        for row in codes.indices where !codes[row].isAccepted {
            let time = times[row].rawValue
            if !minuteUs.contains(time) {
                count(&duplicates)
                (minute, minuteUs) = Self.minute(of: times[row], acceptedTimes)
            }
            let region = Self.regionNumbers[Int(countries[row].index)]
            if codes[row] == .duplicate {
                duplicates[Int(region)] += 1
            } else {
                add(Cell(minute: minute, regionNumber: region, outcome: codes[row]), 1)
            }
        }
        count(&duplicates)
    }

    /// By a country's index.
    private static let regionNumbers: [UInt8] = (0...UInt8.max).map { index in
        let isKnown = Int(index) < Country.all.count
        return Cell.number(of: isKnown ? Country(index: index).region : nil)
    }

    /// The minute of a time, and the times that are in it too.
    private static func minute(
        of time: Timestamp, _ acceptedTimes: Range<Timestamp>
    ) -> (minute: Int32?, timesUs: ClosedRange<Int64>) {
        let minuteUs = RollupCounter.minuteUs
        let number = time.rawValue.flooredDivision(by: minuteUs).quotient
        guard acceptedTimes.contains(time), let minute = Int32(exactly: number), minute > .min else {
            return (nil, time.rawValue...time.rawValue)
        }
        // What is accepted of it.
        let first = max(number * minuteUs, acceptedTimes.lowerBound.rawValue)
        let last = min(number * minuteUs + minuteUs - 1, acceptedTimes.upperBound.rawValue - 1)
        return (minute, first...last)
    }
}
