import SpillwayModel
import SpillwayStore

/// What a store must hold and what it may hold, by identity: two dictionaries that the store is compared with.
struct SimulationModel {
    struct Fact {
        var registration: Registration
        var durability: Durability
    }

    /// Registrations that were acknowledged, as accepted or as duplicates: these must be there.
    private(set) var acknowledged: [UInt64: Fact] = [:]
    /// The one attempt of each identity that was judged new: nothing else may be there.
    private(set) var judged: [UInt64: Registration] = [:]
    /// Identities whose erasure has begun and may not have been finished: they are known, and may be stored.
    private(set) var doubtful: Set<UInt64> = []
    /// Those of them that were durable before.
    private(set) var durableDoubtful: Set<UInt64> = []
    /// Identities that were erased, and have not registered again.
    private(set) var erased: Set<UInt64> = []
    /// Identities of which an attempt was refused or erased: a position says nothing of them.
    private var excused: Set<UInt64> = []
    /// Attempts of the stream that were acknowledged, how durably, and how many were sent.
    private(set) var acknowledgedAttempts: UInt64 = 0
    private(set) var attemptsDurability = Durability.synced
    private(set) var sentAttempts: UInt64 = 0
    /// Whether every epoch since the store was last read whole has been synced: only then is a position that a loss
    /// of power leaves one that all before it has survived.
    private(set) var allIsSynced = true

    /// Attempts that were not accepted: those that the store is known to have tallied, and all that it may have.
    private(set) var tallied = OutcomeTally()
    private(set) var turnedAway = OutcomeTally()
    /// The same of the stream's batches since the store was opened, with how far each brings the stream.
    private var turnedAwayOfStream: [(position: UInt64, OutcomeTally)] = []

    // MARK: What the engine is told, and tells

    /// Takes note of what became of a batch; what is wrong with it, nil if nothing is.
    ///
    /// - Parameter memoryIsFull: that new identities may be refused.
    mutating func take(_ batch: [Registration], _ outcomes: [Outcome], memoryIsFull: Bool) -> String? {
        for (attempt, outcome) in zip(batch, outcomes) {
            let expected = expectedOutcome(attempt)
            if outcome == expected {
                if outcome == .accepted { admit(attempt) }
            } else if expected == .accepted, memoryIsFull, outcome == .refused(Refusal(.memoryFull)) {
                excused.insert(attempt.identity.rawValue)
            } else {
                return "\(attempt) gets \(outcome) instead of \(expected)"
            }
        }
        return nil
    }

    /// Takes note of those of a batch that were not accepted.
    mutating func tally(_ batch: [Registration], _ outcomes: [Outcome], position: UInt64?) {
        var tally = OutcomeTally()
        for (attempt, outcome) in zip(batch, outcomes) {
            let code: OutcomeCode
            switch outcome {
            case .accepted: continue
            case .duplicate: code = .duplicate
            case .refused(let refusal): code = .refused(refusal.reason)
            }
            let minute = Int32(attempt.registeredAt.rawValue / 60_000_000)
            tally.add(OutcomeTally.Cell(minute: minute, region: attempt.country.region, outcome: code), 1)
        }
        turnedAway += tally
        if let position { turnedAwayOfStream.append((position, tally)) }
    }

    private func expectedOutcome(_ attempt: Registration) -> Outcome {
        guard attempt.latencyUs >= 0 else { return .refused(Refusal(.latencyOutOfRange)) }
        return judged[attempt.identity.rawValue] == nil ? .accepted : .duplicate
    }

    private mutating func admit(_ attempt: Registration) {
        judged[attempt.identity.rawValue] = attempt
        erased.remove(attempt.identity.rawValue)
    }

    mutating func send(attemptsUpTo position: UInt64) { sentAttempts = position }

    /// An answer came, and with it a promise for each identity that was accepted or known.
    mutating func acknowledge(
        _ batch: [Registration], _ outcomes: [Outcome], durability: Durability, position: UInt64?
    ) {
        for (attempt, outcome) in zip(batch, outcomes) where outcome == .accepted || outcome == .duplicate {
            let identity = attempt.identity.rawValue
            guard let registration = judged[identity], !doubtful.contains(identity) else { continue }
            let known = acknowledged[identity]?.durability ?? .memory
            acknowledged[identity] = Fact(registration: registration, durability: max(known, durability))
        }
        if let position, position > acknowledgedAttempts {
            acknowledgedAttempts = position
            attemptsDurability = durability
        }
    }

    mutating func begin(with durability: Durability) { allIsSynced = allIsSynced && durability == .synced }

    // MARK: Erasure

    /// From here on nothing is promised of these identities.
    mutating func beginErasure(of identities: Set<UInt64>) {
        doubtful.formUnion(identities)
        durableDoubtful.formUnion(identities.filter { acknowledged[$0]?.durability == .synced })
        for identity in identities { acknowledged[identity] = nil }
    }

    /// What an erasure, or an opening, has left is all that is left: who was to be erased and is not there is gone for
    /// good, and the others stay.
    mutating func settleErasure(_ rows: [UInt64: Registration]) {
        for identity in doubtful where rows[identity] == nil {
            judged[identity] = nil
            erased.insert(identity)
        }
        excused.formUnion(doubtful)
        doubtful = []
        durableDoubtful = []
    }

    // MARK: What a crash takes

    /// Promises that a crash may break are none any more.
    mutating func lose(all weakest: Durability) {
        acknowledged = acknowledged.filter { $0.value.durability >= weakest }
        if attemptsDurability < weakest { acknowledgedAttempts = 0 }
    }

    /// What was found after a crash is all there is, and durable.
    mutating func settle(_ stored: StoredRows, position: UInt64) {
        let rows = stored.rows
        (tallied, turnedAway, turnedAwayOfStream) = (stored.outcomes, stored.outcomes, [])
        judged = rows
        acknowledged = rows.mapValues { Fact(registration: $0, durability: .synced) }
        acknowledgedAttempts = position
        attemptsDurability = .synced
        sentAttempts = position
        allIsSynced = true
    }

    // MARK: Comparison

    /// What is wrong with rows read from the store; nil if nothing is.
    func problem(with stored: StoredRows, mustHold weakest: Durability) -> String? {
        if let identity = stored.repeated.min() { return "identity \(identity) is stored twice" }
        if let segment = stored.miscounted.first { return "the rollup of \(segment) does not count its rows" }
        if !stored.outcomes.holds(tallied) { return "outcomes that were tallied are lost" }
        if !turnedAway.holds(stored.outcomes) { return "outcomes are tallied twice, or never were" }
        for (identity, row) in stored.rows.sorted(by: { $0.key < $1.key }) {
            guard let registration = judged[identity] else { return "\(row) is stored, and was never taken or is lost" }
            if row != registration { return "\(row) is stored in place of \(registration)" }
        }
        for (identity, fact) in acknowledged.sorted(by: { $0.key < $1.key }) where fact.durability >= weakest {
            if stored.rows[identity] == nil {
                return "\(fact.registration) was acknowledged (\(fact.durability)) and is lost"
            }
        }
        return nil
    }

    /// What is wrong with the position that the store says the stream has reached.
    func problem(with position: UInt64, of stream: SimulatedStream, in stored: StoredRows) -> String? {
        if position > sentAttempts { return "position \(position) is beyond the \(sentAttempts) attempts sent" }
        if position < acknowledgedAttempts {
            return "position \(position) is behind the \(acknowledgedAttempts) attempts acknowledged"
        }
        for attempt in 0..<position {
            let identity = stream.identity(of: attempt)
            if stored.rows[identity] == nil, stream.isValid(attempt), !excused.contains(identity) {
                return "position \(position), but attempt \(attempt) is not stored"
            }
        }
        var least = tallied
        for (end, tally) in turnedAwayOfStream where end <= position { least += tally }
        if !stored.outcomes.holds(least) { return "position \(position), but outcomes before it are not tallied" }
        for row in stored.rows.values.sorted(by: { $0.registeredAt < $1.registeredAt }) {
            if let attempt = stream.attempt(of: row), attempt >= position {
                return "position \(position), but attempt \(attempt) is stored"
            }
        }
        return nil
    }
}

extension OutcomeTally {
    /// Whether no count of the other is greater.
    fileprivate func holds(_ other: OutcomeTally) -> Bool {
        other.counts.allSatisfy { $0.value <= counts[$0.key] ?? 0 }
    }
}

extension Durability {
    private var strength: Int {
        switch self {
        case .memory: 0
        case .written: 1
        case .synced: 2
        }
    }

    static func < (a: Durability, b: Durability) -> Bool { a.strength < b.strength }
    static func >= (a: Durability, b: Durability) -> Bool { a.strength >= b.strength }
}

private func max(_ a: Durability, _ b: Durability) -> Durability { a >= b ? a : b }
