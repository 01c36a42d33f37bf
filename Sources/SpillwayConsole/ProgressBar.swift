import SpillwayPlatform

/// A line on the terminal that follows work of more than a second; on a pipe, nothing.
///
/// ```
/// telegram  █████████▎░░░░░░  58 %  14.2 M/s  Latin America 34 % · Europe 31 %  0:04 left
/// ```
package final class ProgressBar: Sendable {
    private struct State {
        var drawnAtUs: Int64 = 0
        var isShown = false
    }

    private static let delayUs: Int64 = 1_000_000
    private static let intervalUs: Int64 = 100_000
    private static let clearLine = "\r\u{1B}[2K"

    private let title: String
    private let isInteractive = Terminal.isInteractive(.error)
    private let startedAtUs = MonotonicClock.nowUs()
    private let state = Monitor(State())

    package init(_ title: String) { self.title = title }

    /// - Parameters:
    ///   - total: What `done` comes to in the end, or close to it.
    ///   - shares: Names and counts to show the largest shares of.
    package func update(done: Int, of total: Int, shares: @autoclosure () -> [(name: String, count: Int)]) {
        guard isInteractive else { return }
        let nowUs = MonotonicClock.nowUs()
        guard nowUs - startedAtUs >= Self.delayUs else { return }
        state.withLock { state in
            guard nowUs - state.drawnAtUs >= Self.intervalUs else { return }
            state.drawnAtUs = nowUs
            state.isShown = true
            let line = ProgressLine(
                title: title, done: done, total: total, seconds: Double(nowUs - startedAtUs) / 1e6,
                shares: shares())
            try? Terminal.write(
                Self.clearLine + line.rendered(width: Terminal.width(.error) ?? 80), to: .error)
        }
    }

    /// Leaves the line as it was before.
    package func finish() {
        state.withLock { state in
            if state.isShown { try? Terminal.write(Self.clearLine, to: .error) }
            state.isShown = false
        }
    }
}

/// What a progress bar shows at one moment.
package struct ProgressLine {
    package var title: String
    package var done: Int
    package var total: Int
    package var seconds: Double
    package var shares: [(name: String, count: Int)]

    private static let barWidths = 8...30

    /// At most `width` columns: what is least needed goes first.
    package func rendered(width: Int) -> String {
        let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 0
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let left = rate > 0 ? "\(Figures.clock(seconds: Double(max(0, total - done)) / rate)) left" : ""
        let percent = Figures.percent(min(done, total), of: total, places: 0)
        let fixed = ["\(percent)", "\(Figures.short(rate))/s", left]
        var largest = shares.filter { $0.count > 0 }.sorted { $0.count > $1.count }.prefix(4).map { share in
            "\(share.name) \(Figures.percent(share.count, of: shares.reduce(0) { $0 + $1.count }, places: 0))"
        }
        // The last column stays free: some terminals wrap there.
        let room = width - 1
        while true {
            let details =
                largest.isEmpty ? fixed : [fixed[0], fixed[1], largest.joined(separator: " · "), left]
            let text = details.joined(separator: "  ")
            let barWidth = min(room - text.count - title.count - 4, Self.barWidths.upperBound)
            if barWidth >= Self.barWidths.lowerBound {
                return "\(title)  \(Bar.onTrack(fraction, width: barWidth))  \(text)"
            }
            if largest.isEmpty { return String(text.prefix(max(0, room))) }
            largest.removeLast()
        }
    }
}
