import SpillwayPlatform

extension StorePieces {
    /// What reading every piece brought to light.
    struct Findings {
        /// That could be read and count.
        var rows = 0
        var problems: [Problem] = []
        /// Indexes of pieces whose rows could be read and count.
        var sound: [Int] = []
        /// Those of pieces that count and could not be read.
        var unsound: [Int] = []
        fileprivate var done = 0
    }

    /// Checks every piece, and takes the census of their identities.
    ///
    /// - Parameter progress: Called with bytes read and bytes in all, from several threads.
    func check(
        _ census: IdentityCensus, threads: Int, root: String, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) throws -> Findings {
        let result = Monitor(Findings())
        let byteCount = byteCount
        let counts = CountsCheck(places, root: root)
        try forEach(threads: threads) { index, place, reader in
            var (rows, problems) = Self.check(place, reader, census, root: root)
            problems += counts.add(reader.rollup, reader.outcomes, of: place.file)
            let done = result.withLock { [problems] result in
                result.problems += problems
                result.done += place.piece.content.count
                if place.counts {
                    result.rows += rows ?? 0
                    if rows == nil { result.unsound.append(index) } else { result.sound.append(index) }
                }
                return result.done
            }
            progress(done, byteCount)
        }
        try census.endPass(threads: threads)
        let findings = result.withLock { $0 }
        let sound = only(findings.sound)
        for pass in 1..<max(1, census.passCount) {
            try sound.forEachIdentities(threads: threads) { _, identities in
                census.add(identities, pass: pass)
            }
            try census.endPass(threads: threads)
        }
        return findings
    }

    /// How many rows a piece holds, nil if it cannot be read, and what is wrong with it.
    private static func check(
        _ place: Place, _ reader: PieceReader, _ census: IdentityCensus, root: String
    ) -> (rows: Int?, problems: [Problem]) {
        do {
            let rows = try reader.read(place.piece, of: place.file)
            if place.counts { reader.withIdentities(rows) { census.add($0, pass: 0) } }
            return (
                rows.isReadable ? rows.count : nil,
                reader.findings.map { Problem(file: place.file.name, offset: $0.offset, problem: $0.problem) }
            )
        } catch {
            return (nil, [Problem(error, file: place.file.name, root: root)])
        }
    }
}
