internal import SpillwayModel
package import SpillwayPlatform

extension Scenario {
    /// No scenario has reason to be longer, in bytes.
    private static let maximumFileSize: UInt64 = 1 << 16
    /// Keeps the counters of all slices in memory small.
    private static let maximumDurationUs = 31 * Timestamp.microsecondsPerDay
    /// Counters have 32 bits.
    static let maximumRegistrations = 4_000_000_000

    /// Reads a scenario file.
    public init(path: String) throws(TraceError) {
        try self.init(path: path, fileSystem: PosixSystem())
    }

    package init(path: String, fileSystem: some FileSystem) throws(TraceError) {
        let bytes: [UInt8]?
        do throws(SystemError) {
            let file = try fileSystem.open(path, .read)
            bytes = try file.size() <= Self.maximumFileSize ? file.readAll() : nil
        } catch {
            throw .system(error)
        }
        guard let bytes else {
            throw .scenario(
                ScenarioError(
                    file: path, line: 1, key: "",
                    problem: "found more than \(Self.maximumFileSize) bytes; a scenario is a short text"))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .scenario(
                ScenarioError(file: path, line: 1, key: "", problem: "found bytes that are not UTF-8 text"))
        }
        do throws(ScenarioError) {
            try self.init(yaml: text, file: path)
        } catch {
            throw .scenario(error)
        }
    }

    /// - Parameter file: What errors call the text.
    public init(yaml text: String, file: String) throws(ScenarioError) {
        let top = try ScenarioNode.document(text, file: file).mapping(allowed: [
            "name", "story", "references", "assumed", "start", "duration", "registrations", "norm", "surges",
            "curves", "platforms", "sources", "regions", "retries", "arrivalJitter", "latency",
        ])
        name = try top.required("name").string()
        story = try top.optional("story")?.string() ?? ""
        references = try top.optional("references")?.strings() ?? []
        assumed = try top.optional("assumed")?.strings() ?? []
        start = try Self.start(top)
        durationUs = try Self.durationUs(top)
        registrations = try top.required("registrations").count(in: 1...Self.maximumRegistrations)
        surges = try Self.surges(top, from: start, durationUs: durationUs)
        normPerDay = try Self.normPerDay(top, registrations, durationUs, hasSurges: !surges.isEmpty)
        regions = try Self.regions(top)
        arrivalJitterUs = try top.optional("arrivalJitter")?.durationUs(in: 0...10_000_000) ?? 0
        retries = try Self.retries(top, arrivalJitterUs: arrivalJitterUs)
        (medianLatencyUs, p99LatencyUs) = try Self.latency(top)
        digest = Identity(hashing: text, key: SipKey(0, 0)).rawValue
        self.file = file
    }

    private static func start(_ top: ScenarioMapping) throws(ScenarioError) -> Timestamp {
        let node = try top.required("start")
        let start = try node.timestamp()
        guard start.rawValue % Timestamp.microsecondsPerSecond == 0, start.rawValue >= 0 else {
            throw node.error(allowed: "a whole second from 1970 on is allowed")
        }
        return start
    }

    private static func durationUs(_ top: ScenarioMapping) throws(ScenarioError) -> Int64 {
        let node = try top.required("duration")
        let durationUs = try node.durationUs(in: Schedule.sliceUs...maximumDurationUs)
        guard durationUs % Schedule.sliceUs == 0 else {
            throw node.error(allowed: "whole minutes are allowed")
        }
        return durationUs
    }

    private static func normPerDay(
        _ top: ScenarioMapping, _ registrations: Int, _ durationUs: Int64, hasSurges: Bool
    ) throws(ScenarioError) -> Double {
        let days = Double(durationUs) / Double(Timestamp.microsecondsPerDay)
        guard let node = top.optional("norm") else { return hasSurges ? 0 : Double(registrations) / days }
        let norm = Double(try node.count(in: 0...maximumRegistrations))
        let total = Int((norm * days).rounded())
        if hasSurges, total >= registrations {
            throw node.error(
                "found \(total) in all; with surges, less than the \(registrations) registrations")
        }
        if !hasSurges, total != registrations {
            throw node.error("found \(total) in all; without surges, the \(registrations) registrations")
        }
        return norm
    }

    private static func surges(
        _ top: ScenarioMapping, from start: Timestamp, durationUs: Int64
    ) throws(ScenarioError) -> [Surge] {
        var surges: [Surge] = []
        let nodes =
            try top.optional("surges")?.sequence(of: 0...100, allowed: "a list of surges is wanted") ?? []
        for node in nodes {
            let fields = try node.mapping(allowed: ["name", "onset", "rise", "plateau", "halfLife", "weight"])
            let onsetNode = try fields.required("onset")
            let surge = Surge(
                onset: try onsetNode.timestamp(),
                riseUs: try fields.optional("rise")?.durationUs(in: 0...maximumDurationUs) ?? 0,
                plateauUs: try fields.optional("plateau")?.durationUs(in: 0...maximumDurationUs) ?? 0,
                halfLifeUs: try fields.optional("halfLife")?.durationUs(in: 0...maximumDurationUs) ?? 0,
                weight: try fields.optional("weight")?.number(in: 0.000_001...1_000_000) ?? 1)
            let lastOnset = Timestamp(rawValue: start.rawValue + durationUs - Schedule.sliceUs)
            guard (start...lastOnset).contains(surge.onset) else {
                throw onsetNode.error(
                    allowed:
                        "a time from \(start.rfc3339) to \(lastOnset.rfc3339), a minute before the end, is allowed"
                )
            }
            guard surge.riseUs + surge.plateauUs + surge.halfLifeUs >= 60_000_000 else {
                throw node.error(
                    "found less than 1m of rise, plateau and halfLife together; give it some time")
            }
            surges.append(surge)
        }
        return surges
    }

    private static func retries(
        _ top: ScenarioMapping, arrivalJitterUs: Int64
    ) throws(ScenarioError) -> RetryPolicy {
        guard let node = top.optional("retries") else { return .none }
        let fields = try node.mapping(allowed: ["share", "limit", "base", "factor", "jitter"])
        let retries = RetryPolicy(
            share: try fields.required("share").share(),
            limit: try fields.required("limit").count(in: 0...RetryPolicy.maximumLimit),
            baseUs: try fields.required("base").durationUs(in: 1000...Schedule.sliceUs),
            factor: try fields.optional("factor")?.number(in: 1...10) ?? 1,
            jitter: try fields.optional("jitter")?.share() ?? 0)
        let firstUs = retries.waitUs(before: 1).lowerBound
        guard firstUs >= arrivalJitterUs, firstUs > 0 else {
            throw node.error(
                """
                found a first retry after \(spelled(us: firstUs)); it must come after the original has arrived: \
                not before the arrivalJitter of \(spelled(us: arrivalJitterUs))
                """)
        }
        let lastUs = retries.horizonUs + arrivalJitterUs
        guard lastUs <= Schedule.sliceUs else {
            throw node.error(
                """
                found a last retry that arrives up to \(spelled(us: lastUs)) after the original; at most \
                \(spelled(us: Schedule.sliceUs)) is allowed: lower base, factor, jitter or limit
                """)
        }
        return retries
    }

    private static func latency(
        _ top: ScenarioMapping
    ) throws(ScenarioError) -> (medianUs: Int64, p99Us: Int64) {
        guard let node = top.optional("latency") else { return (150_000, 1_500_000) }
        let fields = try node.mapping(allowed: ["median", "p99"])
        let medianUs = try fields.required("median").durationUs(in: 1...60_000_000)
        let p99Us = try fields.required("p99").durationUs(in: medianUs...600_000_000)
        return (medianUs, p99Us)
    }
}
