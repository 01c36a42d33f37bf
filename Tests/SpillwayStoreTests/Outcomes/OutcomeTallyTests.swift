import SpillwayModel
import SpillwayParquet
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct OutcomeTallyTests {
    private typealias Cell = OutcomeTally.Cell

    private func tally(_ counts: [(Cell, Int)]) -> OutcomeTally {
        var tally = OutcomeTally()
        for (cell, count) in counts { tally.add(cell, count) }
        return tally
    }

    private func parsed(_ bytes: [UInt8], at offset: UInt64 = 0) throws -> (tally: OutcomeTally, byteCount: Int) {
        try bytes.withUnsafeBytes { try OutcomeTally.parse($0, at: offset) }
    }

    private var everyCell: [Cell] {
        let outcomes = [OutcomeCode.duplicate] + Refusal.Reason.allCases.map { OutcomeCode.refused($0) }
        let minutes: [Int32?] = [nil, .min + 1, -1, 0, 27_222_683, .max]
        return minutes.flatMap { minute in
            ([nil] + Region.allCases).flatMap { region in
                outcomes.map { Cell(minute: minute, region: region, outcome: $0) }
            }
        }
    }

    @Test func cellsAreWhatTheyWereMadeOf() throws {
        let cell = Cell(minute: -5, region: .oceania, outcome: .refused(.storageFull))
        #expect(cell.minute == -5 && cell.region == .oceania && cell.outcome == .refused(.storageFull))
        let unknown = Cell(minute: nil, region: nil, outcome: .duplicate)
        #expect(unknown.minute == nil && unknown.region == nil && unknown.outcome == .duplicate)
        #expect(Set(everyCell).count == 6 * 8 * 8)
    }

    /// As docs/FORMAT.md numbers them: no change of the enumerations may change what files mean.
    @Test func numbersInFilesStayAsTheyAre() {
        let minute: UInt64 = 1 << 31
        #expect(Cell(minute: 0, region: nil, outcome: .duplicate).rawValue == minute << 8 | 1)
        let regions: [Region] = [
            .asia, .europe, .latinAmerica, .mena, .northAmerica, .subSaharanAfrica, .oceania,
        ]
        for (index, region) in regions.enumerated() {
            let cell = Cell(minute: 0, region: region, outcome: .duplicate)
            #expect(cell.rawValue == minute << 8 | UInt64(index + 1) << 4 | 1)
        }
        let reasons: [Refusal.Reason] = [
            .unknownCountry, .timestampOutOfRange, .latencyOutOfRange, .invalidLabel, .memoryFull, .shuttingDown,
            .storageFull,
        ]
        for (index, reason) in reasons.enumerated() {
            #expect(Cell(minute: nil, region: nil, outcome: .refused(reason)).rawValue == UInt64(index + 2))
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let tallies = [
            OutcomeTally(), tally([(everyCell[9], 1)]),
            tally(everyCell.enumerated().map { ($0.element, 1 << ($0.offset % 60)) }),
        ]
        for tally in tallies {
            let bytes = tally.encoded
            let read = try parsed(bytes + [1, 2, 3])
            #expect(read.tally == tally && read.byteCount == bytes.count)
        }
    }

    @Test func nonsenseIsRefused() throws {
        let bytes = tally(everyCell.prefix(9).map { ($0, 200) }).encoded
        for count in bytes.indices {
            #expect(throws: ParquetError.self) { try parsed(Array(bytes.prefix(count))) }
        }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: ParquetError.self, "bit \(bit)") { try parsed(flipped) }
        }
        // An outcome, and a region, that there are not; more cells than bytes.
        for raw: UInt64 in [0, 9, 8 << 4 | 1, 1 << 40 | 1] { #expect(Cell(rawValue: raw) == nil, "\(raw)") }
        #expect(throws: ParquetError.self) { try parsed([255, 255, 255, 255, 7]) }
    }

    @Test func sumsStopAtTheGreatestNumber() {
        var sum = tally([(everyCell[0], .max), (everyCell[1], .max)])
        sum += tally([(everyCell[0], .max), (everyCell[2], 1)])
        #expect(sum.counts == [everyCell[0]: .max, everyCell[1]: .max, everyCell[2]: 1])
        #expect(sum.attempts == .max)
    }

    /// Against one attempt after the other.
    @Test func attemptsAreCountedByRegionAndMinute() throws {
        var random = SplitMix64(seed: 7)
        let codes = ["BR", "DE", "IN", "US", "AQ"].compactMap { Country($0) } + [.unknown]
        let limit = Timestamp(rawValue: 90_000_000)..<Timestamp(rawValue: 400_000_000)
        var batch = RegistrationBatch()
        var outcomes: [OutcomeCode] = []
        var expected = OutcomeTally()
        for row in 0..<20_000 {
            let time = Int64.random(in: 0...1, using: &random) == 0 ? Int64(row) * 20_000 : 60_000_000 * Int64(row % 9)
            let registration = Registration(
                registeredAt: Timestamp(rawValue: time - 1), identity: Identity(rawValue: UInt64(row)),
                country: codes[row % 6], platform: "web", source: "organic", latencyUs: 1)
            let outcome = OutcomeCode(rawValue: UInt8.random(in: 0...8, using: &random) % (row % 2 == 0 ? 9 : 2))
            batch.append(registration)
            outcomes.append(outcome)
            if outcome.isAccepted { continue }
            let minute = Int32((Double(time - 1) / 60_000_000).rounded(.down))
            let isAccepted = limit.contains(registration.registeredAt)
            expected.add(
                Cell(minute: isAccepted ? minute : nil, region: registration.country.region, outcome: outcome), 1)
        }
        let counted = OutcomeTally(of: batch, outcomes, acceptedTimes: limit)
        #expect(counted == expected)
        #expect(counted.attempts == outcomes.count { !$0.isAccepted })
        #expect(counted.counts.keys.contains { $0.minute == 1 } && counted.counts.keys.contains { $0.minute == 6 })
    }
}
