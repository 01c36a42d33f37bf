import SpillwayModel
import Testing

@testable import SpillwayTrace

struct RepeatedTraceTests {
    private let attempts = [
        RecordedAttempt.at(0, 5_511_987_654_321), .at(250, 447_700_900_123),
        .at(1_000_000, 5_511_987_654_321, arrivedAt: 1_200_000), .at(900_000, .max, arrivedAt: 2_000_000),
    ]

    @Test func theSameAgainLaterByOtherPeople() throws {
        let trace = try RepeatedTrace(ListedTrace(attempts, sliceRows: 3), count: 3)
        let repeated = try trace.recordedAttempts()
        #expect(repeated.count == 12 && trace.expectedAttempts == 12 && trace.sliceCount == 6)
        #expect(Array(repeated[..<4]) == attempts)
        for (row, attempt) in repeated.enumerated() {
            // Two seconds from first to last, so the next begins after three.
            let shiftUs = Int64(row / 4) * 3_000_000
            let first = attempts[row % 4]
            #expect(attempt.arrivedAt.rawValue == first.arrivedAt.rawValue + shiftUs)
            #expect(
                attempt.registration.registeredAt.rawValue == first.registration.registeredAt.rawValue + shiftUs)
            #expect(attempt.registration.country == first.registration.country)
        }
        #expect(Set(repeated.map(\.registration.identity)).count == 9)
    }

    @Test func aTelephoneNumberKeepsItsDigitsBehindTheRepetitions() throws {
        let repeated = try RepeatedTrace(ListedTrace([attempts]), count: 8).recordedAttempts()
        #expect(repeated[4 * 7].registration.identity.rawValue == 7_005_511_987_654_321)
    }

    @Test func whoWasOnePersonStaysOneAndWhoWereTwoStayTwo() throws {
        let base = randomRecording(400, seed: 9)
        let repeated = try RepeatedTrace(ListedTrace(base, sliceRows: 64), count: 5).recordedAttempts()
        let people = Set(base.map(\.registration.identity)).count
        for start in stride(from: 0, to: repeated.count, by: base.count) {
            let pairs = zip(base, repeated[start..<start + base.count]).map {
                [$0.registration.identity, $1.registration.identity]
            }
            #expect(Set(pairs).count == people)
        }
        #expect(Set(repeated.map(\.registration.identity)).count == 5 * people)
    }

    @Test func arrivalsNeverDecrease() throws {
        // Exactly a second from the first to the last: the second time begins later than the first time ends.
        let base = ListedTrace([[.at(0, 1), .at(1_000_000, 2)]])
        let arrivals = try RepeatedTrace(base, count: 4).recordedAttempts().map(\.arrivedAt)
        #expect(arrivals == arrivals.sorted() && Set(arrivals).count == 8)
    }

    @Test func copiesOfCopiesAreOtherPeopleToo() throws {
        let base = ListedTrace((0..<50).map { .at(Int64($0), 34_600_000_000 + UInt64($0)) }, sliceRows: 20)
        let trace = try RepeatedTrace(ScaledTrace(base, by: 2.5), count: 3)
        let identities = try trace.recordedAttempts().map(\.registration.identity)
        #expect(Set(identities).count == identities.count && identities.count > 300)
    }

    @Test func onceIsTheTraceItself() throws {
        let base = ListedTrace([attempts])
        #expect(try RepeatedTrace(base, count: 1).recordedAttempts() == attempts)
        let prints = try (1...5).map { try RepeatedTrace(base, count: $0).fingerprint }
        #expect(prints[0] == base.fingerprint && Set(prints).count == 5)
        #expect(try RepeatedTrace(ListedTrace([]), count: 3).recordedAttempts().isEmpty)
    }

    @Test func whatThereIsNoRoomForIsRefused() throws {
        let base = ListedTrace([attempts])
        for count in [0, -1, 18_447, .max] {
            #expect(throws: TraceError.self) { try RepeatedTrace(base, count: count) }
        }
        let ages = RecordedAttempt(registration: attempts[0].registration, arrivedAt: Timestamp(rawValue: .max))
        let start = RecordedAttempt(registration: attempts[0].registration, arrivedAt: Timestamp(rawValue: .min))
        #expect(throws: TraceError.self) { try RepeatedTrace(ListedTrace([[start, ages]]), count: 2) }
        #expect(throws: TraceError.self) { try RepeatedTrace(ListedTrace([[attempts[0], ages]]), count: 2) }
    }
}
