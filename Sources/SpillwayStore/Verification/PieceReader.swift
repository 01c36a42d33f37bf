import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Reads and checks frames, one after the other. Used by one thread at a time; its memory is reused.
final class PieceReader: @unchecked Sendable {
    // Unchecked: used by one thread at a time, handed on under the lock of the idle ones.

    /// What the last piece holds, if it is sound: a row group in ``columns``, or a journal's record.
    enum Rows {
        case none
        case rowGroup(RowGroupMetadata)
        case journal(RegistrationBatch, RecordedOutcomes)

        var isReadable: Bool { if case .none = self { false } else { true } }

        var count: Int {
            switch self {
            case .none: 0
            case .rowGroup(let metadata): metadata.rowCount
            case .journal(let rows, _): rows.count
            }
        }
    }

    private let check = RowGroupCheck()
    /// The last piece's bytes.
    private(set) var content = ByteBuffer()
    private(set) var findings: [RowGroupCheck.Finding] = []

    var columns: RowGroupColumns { check.columns }
    /// Counts the last piece's rows; nil if it is no sound row group, or they cannot be counted.
    private(set) var rollup: Rollup?
    /// What the last piece's frame tallies, if it is a row group's; nil if that cannot be read.
    private(set) var outcomes: OutcomeTally?
    /// Whether the last piece's bytes are as they were written.
    private(set) var isIntact = false

    /// Reads a piece, fills ``findings`` with what is wrong with it, and returns what it holds all the same.
    func read(_ piece: FramedFile.Piece, of file: FramedFile) throws -> Rows {
        (findings, rollup, outcomes) = ([], nil, nil)
        try load(piece.content, of: file)
        let checksum = content.withUnsafeBytes { crc32c($0) }
        isIntact = piece.header.map { $0.contentChecksum == checksum } ?? false
        return try file.kind == .journal ? readJournal(piece) : readRowGroup(piece, of: file)
    }

    /// Reads no more than the identities of a piece that was found to be sound, if its file's footer says where.
    func readIdentities(_ piece: FramedFile.Piece, of file: FramedFile) throws -> Rows {
        guard let listed = piece.listed else { return try read(piece, of: file) }
        let chunk = listed.columns[SegmentColumn.identity.rawValue]
        try load(chunk.byteRange, of: file)
        columns.begin(listed)
        try content.withUnsafeBytes { (bytes) throws(ParquetError) in try columns.decode(.identity, chunk, bytes) }
        return .rowGroup(listed)
    }

    private func load(_ range: Range<UInt64>, of file: FramedFile) throws {
        let source = try file.openFile()
        content.removeAll()
        try content.withRoom(range.count) { (room) throws(SystemError) in
            try source.read(into: room, at: range.lowerBound)
        }
        guard content.count == range.count else {
            throw StoreError.damaged(path: file.path, offset: range.lowerBound, problem: "the file ends early")
        }
    }

    private func add(_ offset: UInt64, _ problem: String) {
        findings.append(RowGroupCheck.Finding(offset: offset, problem: problem))
    }

    private func readJournal(_ piece: FramedFile.Piece) -> Rows {
        let start = piece.content.lowerBound
        guard let header = piece.header, isIntact else {
            add(start, "a journal record does not match its checksum")
            return .none
        }
        let bytes = content.withUnsafeBytes { [UInt8]($0) }
        guard
            let (rows, outcomes) = JournalRecord.read(
                bytes, rowCount: Int(header.rowCount), bodyLength: Int(header.bodyLength))
        else {
            add(start, "a journal record makes no sense")
            return .none
        }
        return .journal(rows, outcomes)
    }

    private func readRowGroup(_ piece: FramedFile.Piece, of file: FramedFile) throws -> Rows {
        let start = piece.content.lowerBound
        let bodyEnd = piece.header.map { start + $0.bodyLength } ?? piece.content.upperBound
        let own = piece.header == nil ? nil : ownMetadata(piece, bodyEnd: bodyEnd)
        guard let metadata = piece.listed?.withoutIndexPlaces ?? own?.metadata else {
            if findings.isEmpty { add(start, "a frame does not match its checksum") }
            return .none
        }
        let inside = content.withUnsafeBytes(in: 0..<Int(bodyEnd - start)) {
            check.findings(in: metadata, $0, at: start)
        }
        findings += inside
        if inside.isEmpty {
            if let listed = piece.listed { try checkBloomFilter(listed, file) }
            rollup = check.countRows()
        }
        if let own { readCounts(in: own.end..<piece.content.upperBound, of: piece) }
        if let header = piece.header, header.rowCount != metadata.rowCount {
            add(start - UInt64(FrameHeader.byteCount), "a frame's header counts \(header.rowCount) rows")
        }
        if let own, own.metadata != metadata {
            add(bodyEnd, "a frame and the footer describe its row group differently")
        }
        if piece.header != nil, !isIntact, findings.isEmpty {
            add(start, "a page header of this row group does not match the frame's checksum")
        }
        return inside.isEmpty ? .rowGroup(metadata) : .none
    }

    /// No identity of the row group may be one that its filter keeps readers from looking for. A filter that cannot be
    /// read is named with the file's footer.
    private func checkBloomFilter(_ rowGroup: RowGroupMetadata, _ file: FramedFile) throws {
        let chunk = rowGroup.columns[SegmentColumn.identity.rawValue]
        guard let place = chunk.bloomFilter, let filter = try? chunk.readBloomFilter(from: file.openFile()) else {
            return
        }
        let identities = columns.identities[..<rowGroup.rowCount]
        if let missing = identities.first(where: { !filter.mightContain($0) }) {
            add(place.lowerBound, "a Bloom filter denies identity \(UInt64(bitPattern: missing)), which is there")
        }
    }

    /// What stands behind the frame's pages, which must be what a writer would write there: readers pass over null
    /// counts and the like, but others use them.
    private func ownMetadata(
        _ piece: FramedFile.Piece, bodyEnd: UInt64
    ) -> (metadata: RowGroupMetadata, end: UInt64)? {
        let (start, end) = (piece.content.lowerBound, piece.content.upperBound)
        let problem = "a frame's metadata does not describe its row group"
        let own = content.withUnsafeBytes(in: Int(bodyEnd - start)..<Int(end - start)) {
            bytes -> (metadata: RowGroupMetadata, end: UInt64)? in
            guard let (metadata, byteCount) = try? RowGroupMetadata.parse(bytes, within: bodyEnd - start) else {
                return nil
            }
            var expected = ByteBuffer()
            metadata.serialize(into: &expected)
            if !expected.withUnsafeBytes({ $0.elementsEqual(bytes[..<byteCount]) }) { add(bodyEnd, problem) }
            return (metadata.rebased(by: start), bodyEnd + UInt64(byteCount))
        }
        if own == nil { add(bodyEnd, problem) }
        return own
    }

    /// What follows on a row group's metadata in its frame: a tally of outcomes, then, if anything, a count of its rows.
    private func readCounts(in place: Range<UInt64>, of piece: FramedFile.Piece) {
        let start = piece.content.lowerBound
        var rollupStart = place.lowerBound
        do throws(ParquetError) {
            let range = Int(place.lowerBound - start)..<Int(place.upperBound - start)
            let stored = try content.withUnsafeBytes(in: range) { (bytes) throws(ParquetError) -> Rollup? in
                let (tally, byteCount) = try OutcomeTally.parse(bytes, at: place.lowerBound)
                outcomes = tally
                rollupStart += UInt64(byteCount)
                let rest = UnsafeRawBufferPointer(rebasing: bytes[byteCount...])
                return rest.isEmpty ? nil : try Rollup(parsing: rest, at: rollupStart)
            }
            if let stored, let rollup, stored != rollup {
                add(rollupStart, "a rollup does not count the rows of its row group")
            }
        } catch {
            add(rollupStart, error.problem)
        }
    }
}

extension RowGroupMetadata {
    /// The same without the places of page indexes and filters, which only a footer knows.
    fileprivate var withoutIndexPlaces: RowGroupMetadata {
        var result = self
        for index in columns.indices {
            (result.columns[index].columnIndex, result.columns[index].offsetIndex) = (nil, nil)
            (result.columns[index].bloomFilter, result.columns[index].bloomFilterChecksum) = (nil, nil)
        }
        return result
    }
}
