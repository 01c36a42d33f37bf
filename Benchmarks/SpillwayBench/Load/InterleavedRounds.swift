import SpillwayConsole

/// Measures cases in rounds, each once a round: what changes on the machine meanwhile hits all alike.
struct InterleavedRounds {
    let title: String
    let unitsPerRun: Int
    /// Rounds that do not count.
    let warmUps: Int
    let repetitions: Int

    /// - Returns: for each case its figures, round by round.
    func run(
        cases: Int, measure: (Int) throws -> [String: Double]
    ) throws -> [[[String: Double]]] {
        var figures = [[[String: Double]]](repeating: [], count: cases)
        let bar = ProgressBar(title)
        defer { bar.finish() }
        for round in 0..<warmUps + repetitions {
            for index in 0..<cases {
                let measured = try measure(index)
                if round >= warmUps { figures[index].append(measured) }
                bar.update(
                    done: (round * cases + index + 1) * unitsPerRun,
                    of: (warmUps + repetitions) * cases * unitsPerRun, shares: [])
            }
        }
        return figures
    }
}
