import SpillwayLatency
import SpillwayModel

/// Gathers a ``ReplayTimeline`` of bounded size: when there would be too many intervals, each two become one.
struct TimelineRecorder: Sendable {
    /// With a histogram of 4 KB for each region that was answered in an interval, 32 MB at most.
    static let maximumIntervals = 1000
    private static let shortestNs: Int64 = 100_000_000

    private let startedNs: Int64
    private var intervalNs = Self.shortestNs
    private var cells: [Cell] = []

    init(startedNs: Int64) { self.startedNs = startedNs }

    mutating func add(_ batch: AnsweredBatch) {
        let answered = makeCell(at: max(batch.dueNs, batch.answeredNs))
        cells[cell(at: batch.dueNs)].addDue(batch.totals)
        cells[answered].addAnswered(batch)
    }

    private func cell(at ns: Int64) -> Int { Int(max(0, ns - startedNs) / intervalNs) }

    /// The cell of that time, which is there from now on, with all before it.
    private mutating func makeCell(at ns: Int64) -> Int {
        while cell(at: ns) >= Self.maximumIntervals { halve() }
        let index = cell(at: ns)
        while cells.count <= index { cells.append(Cell()) }
        return index
    }

    private mutating func halve() {
        intervalNs *= 2
        for index in 0..<(cells.count + 1) / 2 {
            var cell = cells[2 * index]
            if 2 * index + 1 < cells.count { cell.add(cells[2 * index + 1]) }
            cells[index] = cell
        }
        cells.removeLast(cells.count / 2)
    }

    func timeline(startedAt: Timestamp) -> ReplayTimeline {
        var backlog = 0
        let intervals = cells.map { cell in
            backlog += cell.due.attempts - cell.answered.attempts
            return cell.interval(backlog: backlog)
        }
        return ReplayTimeline(
            startedAt: startedAt, intervalSeconds: Double(intervalNs) / 1e9, intervals: intervals)
    }
}

/// What is known of one interval so far.
private struct Cell: Sendable {
    /// Attempts that were due in it, whatever became of them when; and those that were answered in it.
    var due = ReplayTotals()
    var answered = ReplayTotals()
    /// By row; empty until something is answered.
    private var latencies: [LatencyHistogram?] = []

    mutating func addDue(_ totals: ReplayTotals) { due += totals }

    mutating func addAnswered(_ batch: AnsweredBatch) {
        answered += batch.totals
        makeLatencies()
        for row in latencies.indices {
            let attempts = batch.totals.attempts(row: row)
            if attempts > 0 { latencies[row, default: .coarse].record(ns: batch.latencyNs, count: attempts) }
        }
    }

    mutating func add(_ next: Cell) {
        due += next.due
        answered += next.answered
        if !next.latencies.isEmpty { makeLatencies() }
        for (row, histogram) in next.latencies.enumerated() {
            if let histogram { latencies[row, default: .coarse] += histogram }
        }
    }

    private mutating func makeLatencies() {
        if latencies.isEmpty { latencies = Array(repeating: nil, count: ReplayTotals.rowCount) }
    }

    func interval(backlog: Int) -> ReplayTimeline.Interval {
        let rows = Region.allCases.indices
        let regional = rows.map { latencies.isEmpty ? nil : latencies[$0] }
        let histograms = latencies.compactMap { $0 }
        let all = histograms.isEmpty ? nil : histograms.reduce(into: LatencyHistogram.coarse) { $0 += $1 }
        return ReplayTimeline.Interval(
            offered: rows.map { due.attempts(row: $0) }, accepted: rows.map { answered.accepted(row: $0) },
            duplicates: rows.map { answered.duplicates(row: $0) },
            refused: rows.map { row in
                answered.attempts(row: row) - answered.accepted(row: row) - answered.duplicates(row: row)
            },
            regionP50Us: regional.map { $0?.us(atPercentile: 50) },
            regionP99Us: regional.map { $0?.us(atPercentile: 99) },
            p50Us: all?.us(atPercentile: 50), p99Us: all?.us(atPercentile: 99), backlog: backlog)
    }
}

extension Array where Element == LatencyHistogram? {
    fileprivate subscript(row: Int, default filler: @autoclosure () -> LatencyHistogram) -> LatencyHistogram {
        get { self[row] ?? filler() }
        _modify {
            var value = self[row] ?? filler()
            self[row] = nil
            defer { self[row] = value }
            yield &value
        }
    }
}
