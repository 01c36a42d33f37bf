import SpillwayModel
import Testing

@testable import SpillwayCLI

struct TimelineRecorderTests {
    private static let second: Int64 = 1_000_000_000
    private let start = Timestamp(rawValue: 1_633_361_400_000_000)

    private func batch(
        dueNs: Int64, answeredNs: Int64, _ codes: [OutcomeCode], from code: String = "BR"
    ) -> AnsweredBatch {
        var totals = ReplayTotals()
        let country = Country(code) ?? .unknown
        totals.add(
            Acknowledgement(durability: .synced, codes: codes).outcomes,
            of: Array(repeating: country, count: codes.count))
        return AnsweredBatch(dueNs: dueNs, sentNs: dueNs, answeredNs: answeredNs, totals: totals)
    }

    @Test func attemptsAreOfferedWhenDueAndCountedWhenAnswered() throws {
        var recorder = TimelineRecorder(startedNs: 5)
        recorder.add(
            batch(
                dueNs: 5, answeredNs: 250_000_005,
                [.accepted, .accepted, .duplicate, .refused(.memoryFull)]))
        let timeline = recorder.timeline(startedAt: start)
        #expect(timeline.startedAt == start && timeline.intervalSeconds == 0.1)
        #expect(timeline.intervals.count == 3)
        let row = try #require(Region.allCases.firstIndex(of: .latinAmerica))
        #expect(timeline.intervals.map { $0.offered[row] } == [4, 0, 0])
        #expect(timeline.intervals.map { $0.accepted[row] } == [0, 0, 2])
        #expect(timeline.intervals.map { $0.duplicates[row] } == [0, 0, 1])
        #expect(timeline.intervals.map { $0.refused[row] } == [0, 0, 1])
        #expect(timeline.intervals.map(\.backlog) == [4, 4, 0])
        #expect(timeline.peakBacklog == 4)
        #expect(timeline.intervals[0].p50Us == nil && timeline.intervals[0].regionP99Us[row] == nil)
        let p50 = try #require(timeline.intervals[2].regionP50Us[row])
        #expect(abs(p50 - 250_000) < 250_000 * 0.07)
        #expect(timeline.intervals[2].p99Us == p50)
    }

    @Test func attemptsFromNowhereCountInTheBacklogAlone() {
        var recorder = TimelineRecorder(startedNs: 0)
        recorder.add(batch(dueNs: 0, answeredNs: 150_000_000, [.refused(.unknownCountry)], from: "??"))
        let intervals = recorder.timeline(startedAt: start).intervals
        #expect(intervals.map(\.backlog) == [1, 0])
        #expect(intervals.allSatisfy { $0.offered.reduce(0, +) == 0 })
    }

    @Test func longReplaysHaveLongerIntervalsAndLoseNothing() {
        var recorder = TimelineRecorder(startedNs: 0)
        for index in 0..<5000 {
            let dueNs = Int64(index) * Self.second
            recorder.add(batch(dueNs: dueNs, answeredNs: dueNs + 3 * Self.second / 2, [.accepted, .duplicate]))
        }
        let timeline = recorder.timeline(startedAt: start)
        #expect(timeline.intervals.count <= TimelineRecorder.maximumIntervals)
        #expect(timeline.intervals.count > TimelineRecorder.maximumIntervals / 2)
        let seconds = Double(timeline.intervals.count) * timeline.intervalSeconds
        #expect(seconds >= 5001 && seconds < 5020)
        #expect(timeline.intervals.reduce(0) { $0 + $1.offered.reduce(0, +) } == 10_000)
        #expect(timeline.intervals.reduce(0) { $0 + $1.accepted.reduce(0, +) } == 5000)
        #expect(timeline.intervals.last?.backlog == 0)
        #expect(timeline.intervals.allSatisfy { ($0.p99Us ?? 1.5e6) > 1.4e6 && ($0.p99Us ?? 1.5e6) < 1.6e6 })
    }

    @Test func anAnswerOfTheFarFutureIsTakenIn() {
        var recorder = TimelineRecorder(startedNs: 0)
        recorder.add(batch(dueNs: 0, answeredNs: 1 << 60, [.accepted]))
        let timeline = recorder.timeline(startedAt: start)
        #expect(timeline.intervals.count <= TimelineRecorder.maximumIntervals)
        #expect(timeline.intervals.last?.accepted.reduce(0, +) == 1)
    }
}
