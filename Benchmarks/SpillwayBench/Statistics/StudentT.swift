/// Student's t distribution.
struct StudentT {
    /// Positive, not necessarily whole: Welch's test has fractions.
    let degreesOfFreedom: Double

    /// The odds of a value that lies as far from 0 as `t` or farther, to either side.
    func twoSidedTail(_ t: Double) -> Double {
        regularizedIncompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
    }

    func cumulative(_ t: Double) -> Double {
        let tail = twoSidedTail(t) / 2
        return t < 0 ? tail : 1 - tail
    }

    /// How far from 0 a value lies at most, to either side, with odds of `confidence`: 0 < `confidence` < 1.
    func halfWidth(confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1)
        var high = 1.0
        while twoSidedTail(high) > 1 - confidence, high < 1e300 { high *= 2 }
        var low = 0.0
        // Halves the range until it is as narrow as doubles allow.
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return middle }
            if twoSidedTail(middle) > 1 - confidence { low = middle } else { high = middle }
        }
    }
}
