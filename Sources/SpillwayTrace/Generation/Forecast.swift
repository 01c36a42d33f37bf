/// What each slice's registrations are in for: how many attempts are expected beside theirs, how slow the service is
/// therefore, and how many of its clients try again.
///
/// One pass over time: a slice's load is its own registrations and what follows from those of the slices before it.
/// What follows within the same slice is left out of it.
struct Forecast: Sendable {
    /// How many times as long an answer takes, by slice; empty if load makes no difference.
    private(set) var slowdowns: [Float] = []
    /// Of all slices together.
    private(set) var expectedAttempts = 0.0

    /// Of attempts, those that are followed by a retry, by slice of the registration.
    private var retryShares: [Double] = []
    /// Attempts that no engine takes, by slice, a registration.
    private var invalidPerRegistration: [Double] = []
    private let resendShare: Double
    private let doubleTapShare: Double

    /// - Parameter scale: What the service's capacity is multiplied by, as the registrations are.
    init(
        _ scenario: Scenario, _ schedule: Schedule, _ followUps: [FollowUp], _ latency: LatencyDistribution,
        scale: Double
    ) {
        let clients = scenario.clients
        resendShare = clients.resends?.share ?? 0
        doubleTapShare = clients.doubleTaps?.share ?? 0
        var backlog = scenario.latency.load.map { _ in FollowUpLoad(followUps, sliceCount: schedule.sliceCount) }
        for slice in 0..<schedule.sliceCount {
            let registrations = Double(schedule.total(slice: slice))
            var slowdown = 1.0
            if let load = scenario.latency.load, let backlog {
                slowdown = load.slowdown(atPerSecond: (registrations + backlog.attempts[slice]) / 60 / scale)
                slowdowns.append(Float(slowdown))
            }
            retryShares.append(clients.retries?.share(latency, slowdown: slowdown) ?? 0)
            let punctual = registrations * (1 - (clients.late?.share ?? 0))
            let attempts = followUps.reduce(1.0) { sum, followUp in
                (1...followUp.windows.count).reduce(sum) { $0 + share(of: followUp.kind, $1, slice: slice) }
            }
            invalidPerRegistration.append(clients.invalidShare / (1 - clients.invalidShare) * attempts)
            expectedAttempts += registrations - punctual + punctual * attempts / (1 - clients.invalidShare)
            backlog?.add(punctual, slice: slice) { share(of: $0, $1, slice: slice) }
        }
    }

    /// Of a slice's registrations, those that have the attempt of this kind and number.
    func share(of kind: AttemptKind, _ number: Int, slice: Int) -> Double {
        switch kind {
        case .original, .late: 1
        case .doubleTap: doubleTapShare
        case .resend: power(resendShare, number)
        case .retry: power(retryShares[slice], number)
        case .invalid: min(max(invalidPerRegistration[slice] - Double(number - 1), 0), 1)
        }
    }

    /// Of a slice's attempts, those that are followed by a retry.
    func retryShare(slice: Int) -> Double { retryShares[slice] }

    /// How many attempts that no engine takes a registration of a slice has at most.
    func invalidLimit(slice: Int) -> Int { Int(invalidPerRegistration[slice].rounded(.up)) }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (power, square, bits) = (1.0, base, exponent)
        while bits > 0 {
            if bits & 1 == 1 { power *= square }
            square *= square
            bits >>= 1
        }
        return power
    }
}

/// Attempts that follow from earlier slices' registrations.
private struct FollowUpLoad {
    private struct Part {
        var kind: AttemptKind
        var number: Int
        var lag: Int
        /// Of all attempts of this kind and number.
        var share: Double
    }
    private let parts: [Part]
    /// Expected, by slice of arrival.
    private(set) var attempts: [Double]

    init(_ followUps: [FollowUp], sliceCount: Int) {
        attempts = [Double](repeating: 0, count: sliceCount)
        parts = followUps.flatMap { followUp in
            followUp.numbersByLag.enumerated().dropFirst().flatMap { lag, numbers in
                numbers.map {
                    Part(kind: followUp.kind, number: $0, lag: lag, share: followUp.part(of: $0, lag: lag))
                }
            }
        }
    }

    mutating func add(_ registrations: Double, slice: Int, share: (AttemptKind, Int) -> Double) {
        for part in parts where slice + part.lag < attempts.count {
            attempts[slice + part.lag] += registrations * share(part.kind, part.number) * part.share
        }
    }
}

extension Retries {
    fileprivate func share(_ latency: LatencyDistribution, slowdown: Double) -> Double {
        switch cause {
        case .share(let share): share
        case .timeoutUs(let timeoutUs): latency.share(above: Double(timeoutUs) / slowdown)
        }
    }
}

extension LatencyProfile.Load {
    /// How many times as long an answer takes: as in a queue with one server and random arrivals (M/M/1), 1 / (1 − load).
    fileprivate func slowdown(atPerSecond rate: Double) -> Double {
        let free = 1 - rate / capacityPerSecond
        return free > 0 ? min(1 / free, slowdown) : slowdown
    }
}
