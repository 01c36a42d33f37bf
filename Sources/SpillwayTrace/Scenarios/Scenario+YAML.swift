internal import SpillwayModel
package import SpillwayPlatform

extension Scenario {
    /// No scenario has reason to be longer, in bytes.
    private static let maximumFileSize: UInt64 = 1 << 16
    /// Keeps the counters of all slices in memory small.
    static let maximumDurationUs = 31 * Timestamp.microsecondsPerDay
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
            "outages", "bursts", "curves", "weekdays", "platforms", "sources", "regions", "arrivalJitter", "retries",
            "doubleTaps", "resends", "late", "clocks", "invalid", "latency",
        ])
        name = try top.required("name").string()
        story = try top.optional("story")?.string() ?? ""
        references = try top.optional("references")?.strings() ?? []
        assumed = try top.optional("assumed")?.strings() ?? []
        start = try Self.start(top)
        durationUs = try Self.durationUs(top)
        registrations = try top.required("registrations").count(in: 1...Self.maximumRegistrations)
        regions = try Self.regions(top)
        let span = start..<Timestamp(rawValue: start.rawValue + durationUs)
        surges = try Self.surges(top, within: span, regions: regions)
        outages = try Self.outages(top, within: span)
        bursts = try Self.bursts(top)
        normPerDay = try Self.normPerDay(top, registrations, durationUs, hasSurges: !surges.isEmpty)
        clients = try Self.clients(top)
        latency = try Self.latency(top)
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
}
