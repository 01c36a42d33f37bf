import SpillwayModel
import Testing

@testable import SpillwayTrace

struct ScaledTraceTests {
    /// Each identity below 10¹⁵ twice, a slice apart.
    private let attempts = (0..<4000).map { index in
        RecordedAttempt.at(Int64(index) * 1000, 49_151_000_000 + UInt64(index % 2000))
    }
    private var base: ListedTrace { ListedTrace(attempts, sliceRows: 300) }

    @Test(arguments: [0.1, 0.5, 1, 1.25, 2, 3.7])
    func eachPersonIsThereAsOftenAsTheFactorSays(factor: Double) throws {
        let scaled = try ScaledTrace(base, by: factor).recordedAttempts()
        let copies = Dictionary(grouping: scaled) { $0.registration.identity.rawValue % 1_000_000_000_000_000 }
        let counts = copies.mapValues { Set($0.map(\.registration.identity)).count }
        #expect(counts.values.allSatisfy { $0 == Int(factor) || $0 == Int(factor.rounded(.up)) })
        let people = counts.values.reduce(0, +)
        #expect(abs(Double(people) - 2000 * factor) < 2000 * 0.05)
        // Both attempts of one person, of each copy.
        #expect(scaled.count == 2 * people)
        #expect(Set(scaled.map(\.registration.identity)).count == people)
    }

    @Test func copiesArriveWhenThePersonDoes() throws {
        let trace = try ScaledTrace(base, by: 2.5)
        let scaled = try trace.recordedAttempts()
        #expect(scaled.map(\.arrivedAt) == scaled.map(\.arrivedAt).sorted())
        #expect(Set(scaled.map(\.arrivedAt)) == Set(attempts.map(\.arrivedAt)))
        for attempt in scaled {
            let number = attempt.registration.identity.rawValue % 1_000_000_000_000_000
            let ms =
                (attempt.registration.registeredAt.rawValue - attempts[0].registration.registeredAt.rawValue) / 1000
            #expect(49_151_000_000 + UInt64(ms) % 2000 == number)
        }
        #expect(abs(Double(trace.expectedAttempts - scaled.count)) < 500)
    }

    @Test func aPartKeepsSomePeopleAsTheyAre() throws {
        let kept = try ScaledTrace(base, by: 0.3).recordedAttempts()
        let people = Set(kept.map(\.registration.identity))
        #expect(kept == attempts.filter { people.contains($0.registration.identity) })
        // More people of a larger share, none of them others.
        let more = Set(try ScaledTrace(base, by: 0.6).recordedAttempts())
        #expect(more.isSuperset(of: kept))
    }

    @Test func slicesStayAboutAsLargeAsTheyWere() throws {
        let trace = try ScaledTrace(base, by: 9.5)
        var slice = TraceSlice()
        for index in 0..<trace.sliceCount {
            try trace.readSlice(index, into: &slice)
            #expect(slice.count <= 300)
        }
    }

    @Test func readingIntoAUsedSliceMakesNoDifference() throws {
        let trace = try ScaledTrace(base, by: 1.5)
        var used = TraceSlice()
        try trace.readSlice(trace.sliceCount - 1, into: &used)
        try trace.readSlice(0, into: &used)
        var fresh = TraceSlice()
        try trace.readSlice(0, into: &fresh)
        #expect(used.recordedAttempts == fresh.recordedAttempts)
    }

    @Test func anotherFactorIsAnotherTrace() throws {
        let prints = try [0.5, 1, 1.5, 2].map { try ScaledTrace(base, by: $0).fingerprint }
        #expect(prints[1] == base.fingerprint && Set(prints).count == 4)
        for factor in [0, -1, 1000.5, Double.nan, .infinity] {
            #expect(throws: TraceError.self) { try ScaledTrace(base, by: factor) }
        }
    }
}
