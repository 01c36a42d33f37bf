import SpillwayModel

@testable import SpillwayTrace

/// An attempt and when it arrives.
struct RecordedAttempt: Hashable {
    var registration: Registration
    var arrivedAt: Timestamp

    /// The second of some hour on which it is registered and arrives, microseconds included.
    static func at(
        _ us: Int64, _ identity: UInt64, _ country: Country = Country("BR") ?? .unknown,
        platform: Label = "ios",
        source: Label = "organic", latencyUs: Int = 250_000, arrivedAt: Int64? = nil
    ) -> RecordedAttempt {
        let hour: Int64 = 1_633_361_400_000_000
        return RecordedAttempt(
            registration: Registration(
                registeredAt: Timestamp(rawValue: hour + us), identity: Identity(rawValue: identity),
                country: country, platform: platform, source: source, latencyUs: latencyUs),
            arrivedAt: Timestamp(rawValue: hour + (arrivedAt ?? us)))
    }

    /// One of each kind, with whatever a format may stumble over.
    static let samples: [RecordedAttempt] = [
        .at(0, 5_511_987_654_321),
        .at(250, 0, latencyUs: 0),
        .at(1_000_000, 1 << 63, Country("JP") ?? .unknown, platform: "web", latencyUs: Int(Int32.max)),
        .at(2_000_000, .max, Country("AX") ?? .unknown, platform: "a,b", source: "say \"hi\""),
        .at(1_500_000, .max - 1, source: "zwei\nZeilen\r\nund mehr", arrivedAt: 2_000_000),
        .at(3_000_000, 7, platform: "Größe 大 🌊", source: "\""),
        .at(3_000_001, 8, .unknown),
        .at(3_000_002, 9, latencyUs: -1),
        .at(3_000_003, 10, platform: .invalid, source: .invalid),
        .at(3_000_004, 5_511_987_654_321, source: "retry", arrivedAt: 90_000_000),
    ]
}

extension TraceSlice {
    init(_ attempts: some Sequence<RecordedAttempt>) {
        self.init()
        let attempts = Array(attempts)
        batch = RegistrationBatch(attempts.map(\.registration))
        arrivedAt = attempts.map(\.arrivedAt)
    }

    var recordedAttempts: [RecordedAttempt] {
        (0..<count).map { RecordedAttempt(registration: batch[$0], arrivedAt: arrivedAt[$0]) }
    }
}

extension Trace {
    /// All attempts, read one slice after the other.
    func recordedAttempts() throws -> [RecordedAttempt] {
        var slice = TraceSlice()
        return try (0..<sliceCount).flatMap { index in
            try readSlice(index, into: &slice)
            return slice.recordedAttempts
        }
    }
}

func writeRecording(_ attempts: [RecordedAttempt], to path: String, sliceRows: Int = 1000) throws {
    let writer = try RecordingWriter(path: path)
    for start in stride(from: 0, to: attempts.count, by: sliceRows) {
        try writer.append(TraceSlice(attempts[start..<min(start + sliceRows, attempts.count)]))
    }
    try writer.finish()
}

/// Attempts that never go back in time, some of them retries.
func randomRecording(_ count: Int, seed: UInt64 = 1) -> [RecordedAttempt] {
    let platforms: [Label] = ["ios", "android", "web"]
    var us: Int64 = 0
    return (0..<count).map { index in
        let bits = mix(seed &+ UInt64(index))
        us += Int64(bits % 300_000)
        return .at(
            us, mix(bits) % UInt64(count / 2 + 1), Country.all[Int(bits >> 8 % 249)],
            platform: platforms[Int(bits >> 20 % 3)], latencyUs: Int(bits >> 30 % 1_000_000))
    }
}
