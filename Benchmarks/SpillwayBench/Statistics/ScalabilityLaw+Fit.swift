extension ScalabilityLaw {
    /// Load and what came through at it.
    struct Point {
        var load: Double
        var throughput: Double
    }

    /// The law that comes closest to the points: least squares, no coefficient below 0. With fewer than three different
    /// loads κ cannot be told from σ, and is taken for 0. Nil with fewer than two, or if a point is not positive.
    init?(fitting points: [Point]) {
        let loads = Set(points.map(\.load)).count
        guard loads >= 2, points.allSatisfy({ $0.load > 0 && $0.throughput > 0 }) else { return nil }
        let fit = Fit(points: points)
        // Where the best lies on the boundary, it is the best of those with one coefficient or both fixed at 0.
        let free = loads >= 3 ? [[true, true], [true, false], [false, true]] : [[true, false]]
        let candidates = [[0.0, 0.0]] + free.compactMap(fit.best)
        let best = candidates.filter { $0.allSatisfy { $0 >= 0 } }.min { fit.loss($0) < fit.loss($1) }
        guard let best else { return nil }
        self.init(lambda: fit.lambda(best), sigma: best[0], kappa: best[1])
    }
}

/// Least squares over (σ, κ). λ enters linearly, so that its best value follows from theirs (Golub & Pereyra, variable
/// projection, 1973).
private struct Fit {
    let points: [ScalabilityLaw.Point]

    private func speedup(_ point: ScalabilityLaw.Point, _ x: [Double]) -> Double {
        ScalabilityLaw.speedup(point.load, x[0], x[1])
    }

    func lambda(_ x: [Double]) -> Double {
        var (above, below) = (0.0, 0.0)
        for point in points {
            let value = speedup(point, x)
            above += point.throughput * value
            below += value * value
        }
        return above / below
    }

    func residuals(_ x: [Double]) -> [Double] {
        let lambda = lambda(x)
        return points.map { lambda * speedup($0, x) - $0.throughput }
    }

    func loss(_ x: [Double]) -> Double { residuals(x).reduce(0) { $0 + $1 * $1 } }

    /// Levenberg and Marquardt's method from σ = κ = 0 over the coefficients that are free; nil if it leaves the range in
    /// which the law has a meaning.
    func best(free: [Bool]) -> [Double]? {
        var x = [0.0, 0.0]
        var damping = 1e-3
        var current = loss(x)
        for _ in 0..<1000 {
            let next = zip(x, step(from: x, free: free, damping: damping)).map { $0 + $1 }
            let loss = isInRange(next) ? loss(next) : .infinity
            guard loss < current else {
                damping *= 4
                if damping > 1e12 { break }
                continue
            }
            let isSettled = current - loss <= 1e-15 * current
            (x, current, damping) = (next, loss, max(damping / 4, 1e-12))
            if isSettled { break }
        }
        return isInRange(x) ? x : nil
    }

    private func isInRange(_ x: [Double]) -> Bool {
        points.allSatisfy { 1 + x[0] * ($0.load - 1) + x[1] * $0.load * ($0.load - 1) > 0 }
    }

    /// Solves (JᵀJ + damping · diagonal) step = −Jᵀr for the free coefficients.
    private func step(from x: [Double], free: [Bool], damping: Double) -> [Double] {
        let residuals = residuals(x)
        let columns = x.indices.map { free[$0] ? derivative(of: $0, at: x) : residuals.map { _ in 0 } }
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let a = product(columns[0], columns[0]) * (1 + damping)
        let b = product(columns[0], columns[1])
        let c = product(columns[1], columns[1]) * (1 + damping)
        let (u, v) = (-product(columns[0], residuals), -product(columns[1], residuals))
        if !free[1] { return [a > 0 ? u / a : 0, 0] }
        if !free[0] { return [0, c > 0 ? v / c : 0] }
        let determinant = a * c - b * b
        return determinant > 0 ? [(u * c - v * b) / determinant, (a * v - b * u) / determinant] : [0, 0]
    }

    private func derivative(of index: Int, at x: [Double]) -> [Double] {
        let width = 1e-6
        var (below, above) = (x, x)
        below[index] -= width
        above[index] += width
        return zip(residuals(below), residuals(above)).map { ($1 - $0) / (2 * width) }
    }
}
