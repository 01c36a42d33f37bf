import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct TraceDescriptionTests {
    private let directory: TemporaryDirectory

    init() { directory = TemporaryDirectory() }

    private func recording(_ attempts: [RecordedAttempt], partBytes: Int) throws -> CSVRecording {
        try writeRecording(attempts, to: directory.path + "/t.csv")
        return try CSVRecording(path: directory.path + "/t.csv", partBytes: partBytes)
    }

    @Test(arguments: [512, 5000, 4 << 20], [1, 3]) func agreesWithCounting(partBytes: Int, threads: Int)
        throws
    {
        let attempts =
            randomRecording(3000)
            + RecordedAttempt.samples.map {
                var late = $0
                late.arrivedAt = Timestamp(rawValue: $0.arrivedAt.rawValue + 3_600_000_000)
                return late
            }
        let trace = try recording(attempts, partBytes: partBytes)
        let found = try TraceDescription(describing: trace, threads: threads)
        let valid = attempts.map(\.registration).filter {
            $0.country != .unknown && $0.latencyUs >= 0 && $0.platform != .invalid
        }
        var regions = Dictionary(uniqueKeysWithValues: Region.allCases.map { ($0, 0) })
        var seen = Set<Identity>()
        for registration in valid where seen.insert(registration.identity).inserted {
            if let region = registration.region { regions[region, default: 0] += 1 }
        }
        #expect(found.attempts == attempts.count)
        #expect(found.invalid == 3)
        #expect(found.registrations == seen.count)
        #expect(found.retries == valid.count - seen.count)
        #expect(found.regions == regions)
        #expect(found.peakPerSecond == peak(attempts, periodUs: 1_000_000))
        #expect(found.peakPerMinute == peak(attempts, periodUs: 60_000_000))
        #expect(found.first == attempts.first?.arrivedAt && found.last == attempts.last?.arrivedAt)
    }

    private func peak(_ attempts: [RecordedAttempt], periodUs: Int64) -> Int? {
        Dictionary(grouping: attempts) { $0.arrivedAt.rawValue / periodUs }.values.map(\.count).max()
    }

    @Test func passesAddUp() throws {
        let attempts = randomRecording(2000)
        let trace = try recording(attempts, partBytes: 10_000)
        let once = try DistinctIdentities.count(in: trace, attempts: attempts.count, threads: 2)
        let often = try DistinctIdentities.count(
            in: trace, attempts: attempts.count, threads: 2, attemptsPerPass: 150)
        #expect(once == often)
        #expect(once.values.reduce(0, +) == Set(attempts.map(\.registration.identity)).count)
    }

    /// A second that goes on over many slices is one second.
    @Test func busySecondsMayFillSlices() throws {
        let attempts =
            (0..<100).map { RecordedAttempt.at(1_000_000 + $0, UInt64($0)) } + [.at(2_000_000, 1000)]
        let found = try TraceDescription(describing: recording(attempts, partBytes: 256), threads: 2)
        #expect(found.peakPerSecond == 100)
        #expect(found.peakPerMinute == 101)
    }

    @Test func nothingIsThereToDescribe() throws {
        let found = try TraceDescription(describing: recording([], partBytes: 256), threads: 2)
        #expect(found.attempts == 0 && found.registrations == 0 && found.peakPerSecond == 0)
        #expect(found.first == nil && found.last == nil)
    }
}
