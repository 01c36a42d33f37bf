/// The part of a scenario file that says what clients do, and how long the service takes.
extension Scenario {
    static func clients(_ top: ScenarioMapping) throws(ScenarioError) -> Clients {
        var clients = Clients()
        clients.arrivalJitterUs = try top.optional("arrivalJitter")?.durationUs(in: 0...10_000_000) ?? 0
        clients.retries = try retries(top.optional("retries"), clients.arrivalJitterUs)
        clients.resends = try resends(top.optional("resends"), clients.arrivalJitterUs)
        clients.doubleTaps = try top.optional("doubleTaps").map { node throws(ScenarioError) in
            let fields = try node.mapping(allowed: ["share", "within"])
            return DoubleTaps(
                share: try fields.required("share").share(),
                withinUs: try fields.optional("within")?.durationUs(in: 100_000...10_000_000) ?? 600_000)
        }
        clients.late = try top.optional("late").map { node throws(ScenarioError) in
            let fields = try node.mapping(allowed: ["share", "by"])
            return LateArrivals(
                share: try fields.required("share").share(),
                byUs: try fields.required("by").durationUs(in: 1_000_000...Repetition.maximumHorizonUs))
        }
        clients.clocks = try top.optional("clocks").map { node throws(ScenarioError) in
            let fields = try node.mapping(allowed: ["share", "skew"])
            return WrongClocks(
                share: try fields.required("share").share(),
                skewUs: try fields.required("skew").durationUs(in: 1000...Repetition.maximumHorizonUs))
        }
        if let node = top.optional("invalid") {
            clients.invalidShare = try node.share()
            guard clients.invalidShare <= 0.5 else { throw node.error(allowed: "0% to 50% is allowed") }
        }
        return clients
    }

    private static func retries(
        _ node: ScenarioNode?, _ arrivalJitterUs: Int64
    ) throws(ScenarioError) -> Retries? {
        guard let node else { return nil }
        let fields = try node.mapping(allowed: [
            "share", "timeout", "limit", "base", "factor", "longest", "jitter",
        ])
        let cause: Retries.Cause
        switch (fields.optional("share"), fields.optional("timeout")) {
        case (let share?, nil): cause = .share(try share.share())
        case (nil, let timeout?): cause = .timeoutUs(try timeout.durationUs(in: 1000...Schedule.sliceUs))
        default:
            throw node.error(
                "found both or neither of share and timeout; one is wanted: how many try again, or after how long")
        }
        let limitNode = try fields.required("limit")
        let limit = try limitNode.count(in: 0...Repetition.maximumLimit)
        if limit == 0 { return nil }
        let baseUs = try fields.required("base").durationUs(in: 1000...Repetition.maximumHorizonUs)
        let repetition = Repetition(
            limit: limit, baseUs: baseUs, factor: try fields.optional("factor")?.number(in: 1...10) ?? 1,
            longestUs: try fields.optional("longest")?.durationUs(in: baseUs...Repetition.maximumHorizonUs)
                ?? Repetition.maximumHorizonUs,
            jitter: try jitter(fields))
        try check(repetition, node, arrivalJitterUs)
        return Retries(cause: cause, repetition: repetition)
    }

    private static func resends(
        _ node: ScenarioNode?, _ arrivalJitterUs: Int64
    ) throws(ScenarioError) -> Resends? {
        guard let node else { return nil }
        let fields = try node.mapping(allowed: ["share", "limit", "after", "jitter"])
        let afterUs = try fields.required("after").durationUs(in: 1000...Repetition.maximumHorizonUs)
        let repetition = Repetition(
            limit: try fields.optional("limit")?.count(in: 1...Repetition.maximumLimit) ?? 1, baseUs: afterUs,
            factor: 1, longestUs: afterUs, jitter: try jitter(fields))
        try check(repetition, node, arrivalJitterUs)
        return Resends(share: try fields.required("share").share(), repetition: repetition)
    }

    private static func jitter(_ fields: ScenarioMapping) throws(ScenarioError) -> Double {
        guard let node = fields.optional("jitter") else { return 0 }
        let jitter = try node.share()
        guard jitter <= 0.5 else {
            throw node.error(allowed: "0% to 50% is allowed, so that no attempt comes before the one it follows")
        }
        return jitter
    }

    /// The first attempt of an identity must be the first to arrive, and the last may not come too late.
    private static func check(
        _ repetition: Repetition, _ node: ScenarioNode, _ arrivalJitterUs: Int64
    ) throws(ScenarioError) {
        let firstUs = repetition.windowUs(of: 1).lowerBound
        guard firstUs >= arrivalJitterUs, firstUs > 0 else {
            throw node.error(
                """
                found the first after \(spelled(us: firstUs)); it must come after the original has arrived: not before \
                the arrivalJitter of \(spelled(us: arrivalJitterUs))
                """)
        }
        let lastUs = repetition.windowUs(of: repetition.limit).upperBound
        guard lastUs <= Repetition.maximumHorizonUs else {
            throw node.error(
                """
                found the last up to \(spelled(us: lastUs)) after the original; at most \
                \(spelled(us: Repetition.maximumHorizonUs)) is allowed: lower the waits, their factor or the limit
                """)
        }
    }

    static func latency(_ top: ScenarioMapping) throws(ScenarioError) -> LatencyProfile {
        guard let node = top.optional("latency") else {
            return LatencyProfile(medianUs: 150_000, p99Us: 1_500_000)
        }
        let fields = try node.mapping(allowed: ["median", "p99", "capacity", "slowdown"])
        let medianUs = try fields.required("median").durationUs(in: 1...60_000_000)
        let p99Us = try fields.required("p99").durationUs(in: medianUs...600_000_000)
        var profile = LatencyProfile(medianUs: medianUs, p99Us: p99Us)
        let slowdown = try fields.optional("slowdown")?.number(in: 1...1000)
        if let capacity = fields.optional("capacity") {
            profile.load = LatencyProfile.Load(
                capacityPerSecond: Double(try capacity.count(in: 1...1_000_000_000)), slowdown: slowdown ?? 20)
        } else if slowdown != nil {
            throw node.error("found a slowdown without a capacity; how many attempts a second are taken is wanted, too")
        }
        return profile
    }
}
