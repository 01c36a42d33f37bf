extension Rollup {
    /// All that `parts` count, together.
    ///
    /// - Parameter key: Makes one of the keys of series that are not to be told apart; nil to keep all.
    /// - Complexity: O(cells), and O(n log n) of series and of cells that are far apart
    package static func merged(_ parts: [Rollup], by key: ((SeriesKey) -> SeriesKey)? = nil) -> Rollup {
        if parts.count == 1, key == nil { return parts[0] }
        // Those of a part are in order already, which sorting makes use of.
        var pieces = parts.indices.flatMap { part in
            parts[part].series.map { Piece(key: key?($0.key) ?? $0.key, part: part, cells: $0.cells) }
        }
        pieces.sort { $0.key < $1.key }
        var sum = Rollup()
        var series = SeriesSum()
        var first = 0
        while first < pieces.count {
            let key = pieces[first].key
            let end = pieces[first...].firstIndex { $0.key != key } ?? pieces.count
            series.add(pieces[first..<end], of: parts)
            sum.append(key, minutes: series.minutes, counts: series.counts)
            first = end
        }
        return sum
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
        for piece in pieces {
            for cell in piece.cells {
                let place = Int(parts[piece.part].minutes[cell]) - Int(least)
                dense[place] = dense[place].addingUpToMaximum(parts[piece.part].counts[cell])
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

extension UInt32 {
    /// Counts that a damaged file claims may be any: the sum then tells that they are wrong.
    fileprivate func addingUpToMaximum(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
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
