extension Rollup {
    /// All that `parts` count, together.
    ///
    /// - Complexity: O(cells), and O(n log n) of series and of cells that are far apart
    package static func merged(_ parts: [Rollup]) -> Rollup {
        if parts.count == 1 { return parts[0] }
        var sum = Rollup()
        _ = sum.add(parts, cellLimit: .max) { $0 }
        return sum
    }

    /// The same with one series in the place of all those that `key` makes one key of; nil if that has more cells than
    /// `cellLimit`.
    package func merging(cellLimit: Int, by key: (SeriesKey) -> SeriesKey) -> Rollup? {
        var sum = Rollup()
        return sum.add([self], cellLimit: cellLimit, by: key) ? sum : nil
    }

    /// Adds to an empty rollup; false if it has more cells than `cellLimit` before all are added.
    private mutating func add(_ parts: [Rollup], cellLimit: Int, by key: (SeriesKey) -> SeriesKey) -> Bool {
        // Those of a part are in order already, which sorting makes use of.
        var pieces = parts.indices.flatMap { part in
            parts[part].series.map { Piece(key: key($0.key), part: part, cells: $0.cells) }
        }
        pieces.sort { $0.key < $1.key }
        var sum = SeriesSum()
        var first = 0
        while first < pieces.count {
            let key = pieces[first].key
            let end = pieces[first...].firstIndex { $0.key != key } ?? pieces.count
            sum.add(pieces[first..<end], of: parts)
            guard minutes.count + sum.minutes.count <= cellLimit else { return false }
            append(key, minutes: sum.minutes, counts: sum.counts)
            first = end
        }
        return true
    }

    /// A part's cells of one series.
    fileprivate struct Piece {
        var key: SeriesKey
        var part: Int
        var cells: Range<Int>
    }
}

/// The cells of one series after the other, in memory that is reused.
private struct SeriesSum {
    private(set) var minutes: [Int32] = []
    private(set) var counts: [UInt32] = []
    /// A count for each minute of a range.
    private var dense: [UInt32] = []
    /// A minute, and below it a count, in 32 bits each.
    private var sparse: [UInt64] = []

    mutating func add(_ pieces: ArraySlice<Rollup.Piece>, of parts: [Rollup]) {
        minutes.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        let cellCount = pieces.reduce(0) { $0 + $1.cells.count }
        let least = pieces.reduce(Int32.max) { min($0, parts[$1.part].minutes[$1.cells.lowerBound]) }
        let greatest = pieces.reduce(Int32.min) { max($0, parts[$1.part].minutes[$1.cells.upperBound - 1]) }
        let span = Int(greatest) - Int(least) + 1
        if span <= 8 * cellCount {
            addDense(pieces, of: parts, from: least, span: span)
        } else {
            addSparse(pieces, of: parts)
        }
    }

    private mutating func addDense(
        _ pieces: ArraySlice<Rollup.Piece>, of parts: [Rollup], from least: Int32, span: Int
    ) {
        dense.removeAll(keepingCapacity: true)
        dense.append(contentsOf: repeatElement(0, count: span))
        var sums = dense.mutableSpan
        for piece in pieces {
            let part = parts[piece.part]
            let minutes = part.minutes.span.extracting(piece.cells)
            let counts = part.counts.span.extracting(piece.cells)
            for cell in minutes.indices {
                let place = Int(minutes[cell]) - Int(least)
                sums[place] = sums[place].addingUpToMaximum(counts[cell])
            }
        }
        for place in dense.indices where dense[place] > 0 {
            minutes.append(least + Int32(place))
            counts.append(dense[place])
        }
    }

    private mutating func addSparse(_ pieces: ArraySlice<Rollup.Piece>, of parts: [Rollup]) {
        sparse.removeAll(keepingCapacity: true)
        for piece in pieces {
            for cell in piece.cells {
                // Without its sign bit, a minute ascends as a number without a sign does.
                let minute = UInt32(bitPattern: parts[piece.part].minutes[cell] ^ .min)
                sparse.append(UInt64(minute) << 32 | UInt64(parts[piece.part].counts[cell]))
            }
        }
        sparse.sort()
        for word in sparse {
            let minute = Int32(bitPattern: UInt32(truncatingIfNeeded: word >> 32)) ^ .min
            let count = UInt32(truncatingIfNeeded: word)
            if minutes.last == minute {
                counts[counts.count - 1] = counts[counts.count - 1].addingUpToMaximum(count)
            } else {
                minutes.append(minute)
                counts.append(count)
            }
        }
    }
}

/// The sum of rollups that come one by one, a few of them at a time in memory.
struct RollupSum {
    private static let partCount = 16

    private var parts: [Rollup] = []
    private var isComplete = true

    /// - Parameter rollup: Nil if there is none of some rows: then there is none of the sum.
    mutating func add(_ rollup: Rollup?) {
        guard let rollup, isComplete else {
            (parts, isComplete) = ([], false)
            return
        }
        parts.append(rollup)
        if parts.count == Self.partCount { parts = [.merged(parts)] }
    }

    /// Nil if there was none of some rows.
    var rollup: Rollup? { isComplete ? .merged(parts) : nil }
}
