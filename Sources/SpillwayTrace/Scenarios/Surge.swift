internal import SpillwayModel

/// A wave of registrations on top of the norm: up in a straight line, level, then halving again and again.
struct Surge: Sendable {
    /// A part of a surge that comes from one region.
    struct RegionShare: Sendable {
        var region: Region
        var share: Double
        var countries: [(country: Country, weight: Double)]
        var line: Int
    }

    var onset: Timestamp
    var riseUs: Int64
    var plateauUs: Int64
    /// Time in which the decay halves it; 0: it stops at once.
    var halfLifeUs: Int64
    /// Of all registrations beyond the norm, against the other surges.
    var weight: Double
    /// Whom it brings; nil: the same people as the norm.
    var regions: [RegionShare]?

    /// Height relative to the plateau.
    func intensity(at time: Timestamp) -> Double {
        let sinceOnset = time.rawValue - onset.rawValue
        guard sinceOnset >= 0 else { return 0 }
        if sinceOnset < riseUs { return Double(sinceOnset) / Double(riseUs) }
        let sincePlateau = sinceOnset - riseUs - plateauUs
        if sincePlateau < 0 { return 1 }
        guard halfLifeUs > 0 else { return 0 }
        let halvings = Double(sincePlateau) / Double(halfLifeUs)
        return halvings < 60 ? PortableMath.exp2(-halvings) : 0
    }
}

/// A time in which the service is down: whoever would have registered in it comes back afterwards, or does not.
struct Outage: Sendable {
    var range: Range<Timestamp>
    /// Of the registrations in that time, those that get through.
    var trickle: Double
    /// Of the others, those that come back.
    var comeback: Double
    /// Time in which half of those who are still to come back do; 0: all of them within a minute.
    var halfLifeUs: Int64
}

/// Registrations come in bursts: their rate is itself random, log-normal around what norm and surges make it (a doubly
/// stochastic Poisson process).
struct Bursts: Sendable {
    /// Standard deviation of the rate, as a part of it.
    var deviation: Double
    /// Time in which the correlation of the rate with itself falls to 1/e.
    var spanUs: Int64
}
