/// Where the parts of a drawing are, in pixels at its natural size.
struct ChartFrame {
    let width = 960.0
    let height = 420.0
    /// The values' rectangle. Headings are above, times below, the legend to the right.
    let left = 72.0
    let right = 752.0
    let top = 78.0
    let bottom = 364.0

    let stepCount: Int

    var plotWidth: Double { right - left }
    var legendX: Double { right + 20 }

    func x(ofStep position: Double) -> Double {
        left + position / Double(max(1, stepCount)) * plotWidth
    }

    /// The middle of a step.
    func x(ofStep step: Int) -> Double { x(ofStep: Double(step) + 0.5) }

    func y(ofFraction fraction: Double) -> Double { bottom - fraction * (bottom - top) }
}
