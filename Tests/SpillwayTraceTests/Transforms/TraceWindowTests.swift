import SpillwayModel
import Testing

@testable import SpillwayTrace

struct TraceWindowTests {
    private func time(_ us: Int64) -> Timestamp { RecordedAttempt.at(us, 0).arrivedAt }

    @Test(arguments: [1, 3, 7, 100])
    func holdsExactlyWhatArrivesWithin(sliceRows: Int) throws {
        let attempts = randomRecording(100, seed: 3)
        let trace = ListedTrace(attempts, sliceRows: sliceRows)
        let times = attempts.map(\.arrivedAt)
        let edges = [times[0], times[17], Timestamp(rawValue: times[17].rawValue + 1), times[60], times[99]]
        for from in edges {
            for until in edges where from < until {
                let window = try TraceWindow(trace, from: from, until: until)
                let inside = attempts.filter { $0.arrivedAt >= from && $0.arrivedAt < until }
                #expect(try window.recordedAttempts() == inside)
                #expect(window.isEmpty == inside.isEmpty)
            }
        }
    }

    @Test func endsAreOpenUnlessGiven() throws {
        let attempts = randomRecording(20)
        let trace = ListedTrace(attempts, sliceRows: 6)
        #expect(try TraceWindow(trace, from: nil, until: nil).recordedAttempts() == attempts)
        let middle = attempts[9].arrivedAt
        #expect(
            try TraceWindow(trace, from: middle, until: nil).recordedAttempts()
                == attempts.filter { $0.arrivedAt >= middle })
        #expect(
            try TraceWindow(trace, from: nil, until: middle).recordedAttempts()
                == attempts.filter { $0.arrivedAt < middle })
    }

    @Test func attemptsThatArriveAtOnceStayTogetherAcrossSlices() throws {
        let same = (0..<6).map { RecordedAttempt.at(500, $0) }
        let trace = ListedTrace([[.at(0, 90)], Array(same[..<2]), [], Array(same[2...]), [], [.at(501, 91)]])
        #expect(try TraceWindow(trace, from: time(500), until: time(501)).recordedAttempts() == same)
    }

    @Test func slicesFarFromTheWindowAreNotRead() throws {
        let trace = ListedTrace((0..<4096).map { [.at(Int64($0), 1)] })
        let window = try TraceWindow(trace, from: time(2000), until: time(2010))
        #expect(window.sliceCount == 11)
        #expect(trace.slicesRead < 60)
        #expect(window.expectedAttempts == 10)
    }

    @Test func aWindowBesideTheTraceIsEmpty() throws {
        let trace = ListedTrace(randomRecording(50), sliceRows: 10)
        for (from, until) in [(time(-9), time(-8)), (time(1 << 40), time(1 << 41))] {
            let window = try TraceWindow(trace, from: from, until: until)
            #expect(window.isEmpty && window.expectedAttempts == 0)
            #expect(try window.recordedAttempts().isEmpty)
        }
        #expect(try TraceWindow(ListedTrace([]), from: time(0), until: time(9)).recordedAttempts().isEmpty)
    }

    @Test func anotherWindowIsAnotherTrace() throws {
        let trace = ListedTrace(randomRecording(5), sliceRows: 2)
        let ends = [(nil, nil), (time(1), nil), (nil, time(1)), (time(1), time(3)), (time(2), time(3))]
        let prints = try ends.map { try TraceWindow(trace, from: $0.0, until: $0.1).fingerprint }
        #expect(Set(prints + [trace.fingerprint]).count == 6)
    }

    @Test func aScenarioIsCutAsARecordingIs() throws {
        let storm = try TestScenarios.storm()
        let all = try storm.recordedAttempts()
        let (from, until) = (all[4000].arrivedAt, all[9000].arrivedAt)
        #expect(
            try TraceWindow(storm, from: from, until: until).recordedAttempts()
                == all.filter { $0.arrivedAt >= from && $0.arrivedAt < until })
    }
}
