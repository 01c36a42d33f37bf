import SpillwayModel
import Testing

@testable import SpillwayTrace

struct TraceProfileTests {
    private func profile(_ times: [Int64]) -> TraceProfile {
        TraceProfile(TraceSlice(times.sorted().map { .at(0, 1, arrivedAt: $0) }))
    }

    private func sum(_ parts: [TraceProfile]) -> TraceProfile {
        var whole = TraceProfile()
        for part in parts { whole.add(part) }
        return whole
    }

    /// In seconds from one attempt to another, and the buckets that take them.
    @Test(
        arguments: [
            (1, 1), (1499, 1), (1500, 10), (14_980, 10), (15_000, 60), (86_400, 60), (90_000, 300), (86_400 * 4, 300),
            (86_400 * 6, 900), (86_400 * 1499, 86_400), (86_400 * 2000, 172_800),
        ] as [(Int64, Int64)])
    func bucketsAreAsShortAsTheirNumberAllows(seconds: Int64, bucketSeconds: Int64) {
        let found = profile([0, seconds * 1_000_000])
        #expect(found.bucketUs == bucketSeconds * 1_000_000)
        #expect(found.bucketCount <= TraceProfile.maximumBuckets)
        #expect(found.attempts(from: .latinAmerica).reduce(0, +) == 2)
    }

    @Test func partsAddUpInAnyOrder() {
        let times = (0..<2000).map { Int64(mix(UInt64($0)) % 400_000_000_000) }.sorted()
        let whole = profile(times)
        let parts = stride(from: 0, to: times.count, by: 37).map {
            profile(Array(times[$0..<min($0 + 37, times.count)]))
        }
        #expect(whole.bucketUs == 300_000_000)
        #expect(sum(parts) == whole)
        #expect(sum(parts.reversed() + [TraceProfile()]) == whole)
    }

    @Test func allOfTimeFits() {
        let ends = [
            Timestamp(rawValue: .min), Timestamp(rawValue: -1), Timestamp(rawValue: 0), Timestamp(rawValue: .max),
        ]
        let slices = ends.map { time in
            var attempt = RecordedAttempt.at(0, 1)
            attempt.arrivedAt = time
            return TraceSlice([attempt])
        }
        let found = sum(slices.map(TraceProfile.init))
        #expect(found.attempts(from: .latinAmerica).reduce(0, +) == 4)
        #expect(found.bucketCount <= TraceProfile.maximumBuckets)
        #expect(found.start <= ends[1])
    }
}
