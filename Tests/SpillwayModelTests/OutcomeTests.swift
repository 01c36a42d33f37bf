import Testing

@testable import SpillwayModel

@Suite struct OutcomeTests {
    private static let outcomes: [Outcome] =
        [.accepted, .duplicate] + Refusal.Reason.allCases.map { .refused(Refusal($0)) }

    @Test func everyOutcomeHasItsCode() {
        let codes: [OutcomeCode] = [.accepted, .duplicate] + Refusal.Reason.allCases.map { .refused($0) }
        #expect(codes.map(\.outcome) == Self.outcomes)
        #expect(codes.map(\.rawValue) == (0..<UInt8(codes.count)).map { $0 })
    }

    @Test func acknowledgementAnswersInOrder() {
        let codes: [OutcomeCode] = [
            .accepted, .refused(.memoryFull), .duplicate, .accepted, .refused(.unknownCountry),
        ]
        let acknowledgement = Acknowledgement(durability: .synced, codes: codes)
        #expect(
            Array(acknowledgement.outcomes) == [
                .accepted, .refused(Refusal(.memoryFull)), .duplicate, .accepted,
                .refused(Refusal(.unknownCountry)),
            ])
        let counts = acknowledgement.counts
        #expect(counts.accepted == 2)
        #expect(counts.duplicates == 1)
        #expect(counts.refused == [.memoryFull: 1, .unknownCountry: 1])
        #expect(counts.attempts == 5)
    }

    @Test func countsAddUp() {
        var total = Acknowledgement(durability: .memory, codes: [.accepted, .refused(.invalidLabel)]).counts
        total +=
            Acknowledgement(
                durability: .memory, codes: [.duplicate, .refused(.invalidLabel), .refused(.shuttingDown)]
            ).counts
        #expect(total.accepted == 1)
        #expect(total.duplicates == 1)
        #expect(total.refused == [.invalidLabel: 2, .shuttingDown: 1])
        #expect(OutcomeCounts().attempts == 0)
    }

    @Test func refusalsOfOneAttemptAreFinalAndThoseOfTheEngineAreNot() {
        for reason in Refusal.Reason.allCases {
            let refusal = Refusal(reason)
            #expect((refusal.scope == .attempt) == (refusal.retry == .never), "\(reason)")
        }
        let descriptions = Refusal.Reason.allCases.map { Refusal($0).description }
        #expect(Set(descriptions).count == descriptions.count)
    }
}
