import ArgumentParser
import SpillwayConsole

/// Attempts a second, as people write them: `1M`, `2.5M`, `800k`, `40000`.
struct Rate: ExpressibleByArgument, CustomStringConvertible {
    var perSecond: Double

    init(perSecond: Double) { self.perSecond = perSecond }

    init?(argument: String) {
        var digits = argument[...]
        var scale = 1.0
        if let suffix = digits.last, let size = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9][suffix] {
            digits.removeLast()
            scale = size
        }
        guard let value = Double(digits), value > 0, value * scale <= 1e9 else { return nil }
        perSecond = value * scale
    }

    var description: String { Figures.short(perSecond).replacing(" ", with: "") }
    var defaultValueDescription: String { description }
}
