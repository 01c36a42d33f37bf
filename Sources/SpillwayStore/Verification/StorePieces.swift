import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// All that is to be read of a store.
struct StorePieces: Sendable {
    struct Place: Sendable {
        var file: FramedFile
        var piece: FramedFile.Piece
        /// Of a journal's record: whether no segment holds its rows.
        var counts: Bool
    }

    let places: [Place]
    private let idle = Monitor<[PieceReader]>([])

    private init(_ places: [Place]) { self.places = places }

    /// - Parameter countsAll: that records of the journal count even where a segment should hold their rows.
    init(_ inventory: StoreInventory, countsAll: Bool = false) {
        let lastEpoch = countsAll ? 0 : inventory.lastSegmentEpoch
        places = inventory.files.flatMap { file in
            file.pieces.map { piece in
                Place(
                    file: file, piece: piece,
                    counts: file.kind != .journal || piece.header?.epoch ?? 0 > lastEpoch)
            }
        }
    }

    var byteCount: Int { places.reduce(0) { $0 + $1.piece.content.count } }
    var expectedRows: Int {
        places.reduce(0) { $0 + ($1.piece.listed?.rowCount ?? Int($1.piece.header?.rowCount ?? 0)) }
    }

    func forEach(threads: Int, _ body: @escaping @Sendable (Int, Place, PieceReader) throws -> Void) throws {
        try concurrentPerform(places.count, threads: threads) { index in
            let reader = idle.withLock { $0.popLast() } ?? PieceReader()
            try body(index, places[index], reader)
            idle.withLock { $0.append(reader) }
        }
    }

    /// Those of some indexes.
    func only(_ indexes: [Int]) -> StorePieces { StorePieces(indexes.sorted().map { places[$0] }) }

    /// The identities of each piece, all of which were found to be sound and count.
    func forEachIdentities(
        threads: Int, _ body: @escaping @Sendable (Place, UnsafeBufferPointer<Int64>) -> Void
    ) throws {
        try forEach(threads: threads) { _, place, reader in
            let rows = try reader.readIdentities(place.piece, of: place.file)
            reader.withIdentities(rows) { body(place, $0) }
        }
    }
}

extension FramedFile.Piece {
    /// Where the piece's identities stand.
    var identityOffset: UInt64 {
        listed?.columns[SegmentColumn.identity.rawValue].offset ?? content.lowerBound
    }
}

extension PieceReader {
    /// Those of what was read last.
    func withIdentities(_ rows: Rows, _ body: (UnsafeBufferPointer<Int64>) -> Void) {
        switch rows {
        case .none: break
        case .rowGroup(let metadata):
            columns.identities.withUnsafeBufferPointer { body(.init(rebasing: $0[..<metadata.rowCount])) }
        case .journal(let rows, _):
            rows.identity.map { Int64(bitPattern: $0.rawValue) }.withUnsafeBufferPointer(body)
        }
    }
}
