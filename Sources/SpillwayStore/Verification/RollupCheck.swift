import SpillwayPlatform

/// Holds the rollup of each sealed segment against its rows, which are counted as they are read. Rollups in frames are
/// held against those of their row group, by ``PieceReader``.
final class RollupCheck: Sendable {
    private struct Tally {
        var piecesLeft: Int
        var sum = RollupSum()
    }

    private let root: String
    /// By the name of the file.
    private let tallies: Monitor<[String: Tally]>

    /// - Parameter root: The store's directory.
    init(_ places: [StorePieces.Place], root: String) {
        self.root = root
        var tallies: [String: Tally] = [:]
        for place in places where place.file.footer?.rollupPlace != nil {
            tallies[place.file.name, default: Tally(piecesLeft: 0)].piecesLeft += 1
        }
        self.tallies = Monitor(tallies)
    }

    /// Counts in a piece of a file, and says what is wrong with the file's rollup once that was the last one.
    ///
    /// - Parameter rollup: Nil if the piece's rows could not be counted.
    func add(_ rollup: Rollup?, of file: FramedFile) -> Problem? {
        let tally: Tally? = tallies.withLock { tallies in
            guard var tally = tallies.removeValue(forKey: file.name) else { return nil }
            tally.sum.add(rollup)
            tally.piecesLeft -= 1
            if tally.piecesLeft == 0 { return tally }
            tallies[file.name] = tally
            return nil
        }
        return tally.flatMap { problem(with: file, rows: $0.sum.rollup) }
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
}
