import ArgumentParser
import SpillwayModel
import SpillwayPlatform

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

/// Holds producers back until an attempt's time has come.
struct Pace: Sendable {
    private let factor: Double
    /// The trace's time at which the replay begins, and the clock's.
    private let firstArrival: Timestamp
    private let startedAtUs: Int64

    /// What arrives within so long is handed over at once: 20 ms.
    private static let grainUs = 20_000.0

    init(factor: Double, firstArrival: Timestamp) {
        self.factor = factor
        self.firstArrival = firstArrival
        startedAtUs = MonotonicClock.nowUs()
    }

    /// Microseconds of the trace that make one grain.
    var grainUs: Int64 { max(1, Int64(Self.grainUs * factor)) }

    func wait(for arrival: Timestamp) {
        let dueUs = Double(arrival.rawValue &- firstArrival.rawValue) / factor
        let remainingUs = dueUs - Double(MonotonicClock.nowUs() - startedAtUs)
        if remainingUs > 0 { MonotonicClock.sleep(us: Int64(remainingUs)) }
    }
}
