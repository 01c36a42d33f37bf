import ArgumentParser
import SpillwayConsole

/// How fast a replay sends.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How fast the trace's clock runs: max, or a factor such as 1x or 60x.", valueName: "speed"))
    var speed = ReplaySpeed.max

    @Option(
        help: ArgumentHelp(
            "Send at a constant rate instead, whatever the trace's clock says: 5M/s, 300/s, 1M/m.",
            valueName: "rate"))
    var rate: SendRate?

    func validate() throws {
        if rate != nil, speed != .max {
            throw ValidationError("--rate and --speed exclude each other: a constant rate has no trace's clock")
        }
    }

    /// As a report says it.
    var description: String {
        if let rate { return "\(Figures.short(rate.perSecond)) attempts/s" }
        if case .times(let speedup) = speed { return "\(Figures.short(speedup)) times the trace's clock" }
        return "as fast as it went"
    }

    /// Nil for as fast as it goes.
    var rhythm: Pace.Rhythm? {
        if let rate { return .constant(perSecond: rate.perSecond) }
        if case .times(let speedup) = speed { return .traced(speedup: speedup) }
        return nil
    }
}

/// How fast a trace's clock runs in a replay.
enum ReplaySpeed: ExpressibleByArgument, Equatable {
    /// As fast as the engine takes attempts.
    case max
    /// So many seconds of the trace in one.
    case times(Double)

    init?(argument: String) {
        if argument == "max" {
            self = .max
            return
        }
        guard argument.hasSuffix("x"), let factor = Double(argument.dropLast()), factor > 0, factor <= 1e6
        else { return nil }
        self = .times(factor)
    }

    var defaultValueDescription: String { "max" }
}

/// Attempts in a time, as people write them: `5M/s`, `50k/s`, `300/s`, `1M/m`, `100/h`, `1.5M/d`.
struct SendRate: ExpressibleByArgument, Equatable {
    let perSecond: Double

    private static let multiples: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9]
    private static let periods: [Substring: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    private static let range = 1e-6...1e9

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let seconds = Self.periods[parts[1]], let last = parts[0].last else { return nil }
        let multiple = Self.multiples[last]
        guard let value = Double(multiple == nil ? parts[0] : parts[0].dropLast()) else { return nil }
        perSecond = value * (multiple ?? 1) / seconds
        guard Self.range.contains(perSecond) else { return nil }
    }
}
