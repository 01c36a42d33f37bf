import SpillwayPlatform

/// Holds what each sealed segment counts as a whole against its pieces as they are read: its rollup against the rows, its
/// tally of outcomes against those of its frames. Rollups in frames are held against their row group by
/// ``PieceReader``; outcomes of a merged segment are of frames that are gone.
final class CountsCheck: Sendable {
    private struct Sum {
        var piecesLeft: Int
        var rollup = RollupSum()
        /// Nil if some frame's cannot be read.
        var outcomes: OutcomeTally? = OutcomeTally()
    }

    private let root: String
    /// By the name of the file.
    private let sums: Monitor<[String: Sum]>

    /// - Parameter root: The store's directory.
    init(_ places: [StorePieces.Place], root: String) {
        self.root = root
        var sums: [String: Sum] = [:]
        for place in places where place.file.footer != nil {
            sums[place.file.name, default: Sum(piecesLeft: 0)].piecesLeft += 1
        }
        self.sums = Monitor(sums)
    }

    /// Counts in a piece of a file, and says what is wrong with the file's counts once that was the last one.
    ///
    /// - Parameters:
    ///   - rollup: Nil if the piece's rows could not be counted.
    ///   - outcomes: Nil if those of its frame could not be read.
    func add(_ rollup: Rollup?, _ outcomes: OutcomeTally?, of file: FramedFile) -> [Problem] {
        let whole: Sum? = sums.withLock { sums in
            guard var sum = sums.removeValue(forKey: file.name) else { return nil }
            sum.rollup.add(rollup)
            if let outcomes { sum.outcomes? += outcomes } else { sum.outcomes = nil }
            sum.piecesLeft -= 1
            if sum.piecesLeft == 0 { return sum }
            sums[file.name] = sum
            return nil
        }
        guard let whole else { return [] }
        return [
            problem(with: file, rows: whole.rollup.rollup),
            file.kind == .sealed ? problem(with: file, outcomes: whole.outcomes) : nil,
        ].compactMap(\.self)
    }

    /// - Parameter rows: What the rollup should be, nil if that is not known.
    private func problem(with file: FramedFile, rows: Rollup?) -> Problem? {
        guard let place = file.footer?.rollupPlace else { return nil }
        do {
            let stored = try asStoreError(file.path) { try Rollup(reading: file.openFile(), in: place) }
            guard let stored, let rows, stored != rows else { return nil }
            return Problem(
                file: file.name, offset: place.lowerBound, problem: "the rollup does not count the segment's rows")
        } catch {
            return Problem(error, file: file.name, root: root)
        }
    }

    /// - Parameter outcomes: What the tally should be, nil if that is not known. Those that cannot be read are named with
    ///   the file's footer.
    private func problem(with file: FramedFile, outcomes: OutcomeTally?) -> Problem? {
        guard let outcomes, let footer = file.footer else { return nil }
        let stored = footer.outcomesPlace.map { place in
            try? OutcomeTally(reading: file.openFile(), in: place)
        }
        if let stored = stored ?? OutcomeTally(), stored != outcomes {
            return Problem(
                file: file.name, offset: footer.outcomesPlace?.lowerBound ?? 0,
                problem: "the tally of outcomes is not that of the segment's frames")
        }
        return nil
    }
}
