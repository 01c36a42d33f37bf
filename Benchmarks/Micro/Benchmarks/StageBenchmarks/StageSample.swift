import SpillwayStages

/// A stage and the yardstick that its time is held against.
final class StageSample {
    private let work: any StageWork
    private var yardstick = Yardstick()

    init(_ stage: Stage, rows: Int) throws {
        work = try stage.prepare(rows: rows)
    }

    func reset() throws { try work.reset() }

    func run() throws { try work.run() }

    /// How many steps of the yardstick a row, or KiB, took, given the time of a run that has just ended: in thousandths,
    /// as the harness keeps whole numbers.
    func ratio(to duration: Duration) -> Int {
        Int(duration.nanoseconds / Double(work.unitCount) / yardstick.stepNs() * 1000)
    }
}
