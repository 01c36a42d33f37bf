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
        #expect(found.peakSecondAt == peakAt(attempts, periodUs: 1_000_000))
        #expect(found.peakMinuteAt == peakAt(attempts, periodUs: 60_000_000))
        #expect(found.attemptsPerRegistration == Double(valid.count) / Double(seen.count))
        expectProfile(found.profile, of: attempts)
    }

    /// Every bucket of every region, counted one by one.
    private func expectProfile(_ profile: TraceProfile, of attempts: [RecordedAttempt]) {
        let first = (attempts.first?.arrivedAt.rawValue ?? 0) / profile.bucketUs
        let last = (attempts.last?.arrivedAt.rawValue ?? 0) / profile.bucketUs
        #expect(profile.bucketUs == 10_000_000)
        #expect(profile.start.rawValue == first * profile.bucketUs)
        #expect(profile.bucketCount == Int(last - first + 1))
        for region in Region.allCases.map(Optional.some) + [nil] {
            var counts = [Int](repeating: 0, count: profile.bucketCount)
            for attempt in attempts where attempt.registration.country.region == region {
                counts[Int(attempt.arrivedAt.rawValue / profile.bucketUs - first)] += 1
            }
            #expect(profile.attempts(from: region) == counts)
        }
        let countries = Dictionary(grouping: attempts.map(\.registration.country).filter { $0 != .unknown }) { $0 }
        let busiest = profile.busiestCountries(3)
        #expect(busiest.map(\.attempts) == Array(countries.values.map(\.count).sorted(by: >).prefix(3)))
        #expect(busiest.allSatisfy { countries[$0.country]?.count == $0.attempts })
    }

    private func peakAt(_ attempts: [RecordedAttempt], periodUs: Int64) -> Timestamp? {
        let periods = Dictionary(grouping: attempts) { $0.arrivedAt.rawValue / periodUs }
        let most = periods.values.map(\.count).max()
        return periods.filter { $0.value.count == most }.keys.min().map { Timestamp(rawValue: $0 * periodUs) }
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
        #expect(found.peakSecondAt == nil && found.attemptsPerRegistration == 0)
        #expect(found.profile.bucketCount == 0 && found.profile.busiestCountries(5).isEmpty)
    }

    @Test(arguments: ["norm", "telegram-2021-10-04"]) func aScenariosProfileAddsUp(name: String) throws {
        let trace = try ScenarioTrace(TestScenarios.scenario(name), scale: 0.001)
        let found = try TraceDescription(describing: trace, threads: 2)
        let counts = Region.allCases.map { found.profile.attempts(from: $0) }
        #expect(found.profile.bucketUs == 60_000_000)
        #expect((1...TraceProfile.maximumBuckets).contains(found.profile.bucketCount))
        #expect(counts.joined().reduce(0, +) == found.attempts)
        #expect(found.profile.attempts(from: nil).allSatisfy { $0 == 0 })
        let minutes = (0..<found.profile.bucketCount).map { minute in counts.reduce(0) { $0 + $1[minute] } }
        #expect(minutes.max() == found.peakPerMinute)
        let peak = try #require(minutes.firstIndex(of: found.peakPerMinute))
        let sinceStart = try #require(found.peakMinuteAt).rawValue - found.profile.start.rawValue
        #expect(sinceStart == Int64(peak) * 60_000_000)
    }
}
