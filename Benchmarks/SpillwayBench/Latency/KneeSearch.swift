/// Looks for the highest rate that keeps an objective: steps by a factor until it breaks, then halves what lies between,
/// on a logarithmic scale.
struct KneeSearch {
    let start: Double
    let least: Double
    let greatest: Double
    /// What a step multiplies the rate by.
    let growth: Double
    /// How far the lowest rate that broke may lie above the highest that did not, as a part of it.
    let precision: Double

    private(set) var highestMet: Double?
    private(set) var lowestBroken: Double?

    init(start: Double, range: ClosedRange<Double>, growth: Double, precision: Double) {
        precondition(growth > 1 && precision > 0 && range.lowerBound > 0)
        self.start = min(max(start, range.lowerBound), range.upperBound)
        (least, greatest) = (range.lowerBound, range.upperBound)
        self.growth = growth
        self.precision = precision
    }

    /// The rate to try next; nil once the knee is found, or is not in the range.
    var nextRate: Double? {
        switch (highestMet, lowestBroken) {
        case (nil, nil): start
        case (let met?, nil): met >= greatest ? nil : min(met * growth, greatest)
        case (nil, let broken?): broken <= least ? nil : max(broken / growth, least)
        case (let met?, let broken?): broken <= met * (1 + precision) ? nil : (met * broken).squareRoot()
        }
    }

    mutating func record(_ rate: Double, isMet: Bool) {
        if isMet { highestMet = max(highestMet ?? rate, rate) } else { lowestBroken = min(lowestBroken ?? rate, rate) }
    }
}
