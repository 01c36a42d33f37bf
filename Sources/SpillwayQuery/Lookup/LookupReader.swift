import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Finds identities in one source after the other. Used by one thread at a time.
final class LookupReader {
    /// Ascending, without repetitions.
    private let wanted: [Int64]
    private let marks: ValueMarks
    private let cache: LookupCache
    private let chunks = ChunkReader()
    private let picker: RowPicker
    private let keeper = RowKeeper()
    /// Whether it has tried to keep a row group: one for each look-up's thread, as none is to wait for all of them.
    private var hasKept = false
    // Scratch, of a page: its identities, and the places among them that may hold a wanted one.
    private var identities: [Int64] = []
    private var positions: [UInt32] = []

    init(wanted: [Int64], cache: LookupCache) {
        self.wanted = wanted
        self.cache = cache
        marks = ValueMarks(wanted)
        picker = RowPicker(chunks)
    }

    func find(in source: RowSource) throws -> [Registration] {
        switch source {
        case .journal(let rows):
            return (0..<rows.count)
                .filter { wanted.sortedContains(Int64(bitPattern: rows.identity[$0].rawValue)) }
                .map { rows[$0] }
        case .rowGroup(let metadata, let file):
            let sought = wanted.part(in: metadata.integerRange(of: .identity))
            if sought.isEmpty { return [] }
            let rowGroup = try cache.rowGroup(metadata, file)
            if let kept = keptRows(of: rowGroup, file) {
                return RowKeeper.registrations(kept.rows(holding: sought))
            }
            let before = chunks.byteCount
            defer { rowGroup.hasRead(byteCount: chunks.byteCount - before) }
            let rows = try find(sought, in: rowGroup, file)
            return rows.isEmpty ? [] : try picker.registrations(rows, of: rowGroup, file)
        }
    }

    /// Nil if they are to be read. What is damaged in the row group concerns only those who read it.
    private func keptRows(of rowGroup: LookupRowGroup, _ file: any File) -> PackedRows? {
        switch rowGroup.access(mayKeep: !hasKept) {
        case .kept(let rows): return rows
        case .readAndKeep:
            hasKept = true
            return try? keeper.keep(rowGroup, file)
        case .read: return nil
        }
    }

    /// The rows with identities that are sought, ascending.
    private func find(
        _ sought: ArraySlice<Int64>, in rowGroup: LookupRowGroup, _ file: any File
    ) throws(StoreError) -> [RowPicker.Row] {
        var rows: [RowPicker.Row] = []
        // An identity is in several pages' ranges, but in one page.
        var found: Set<Int64> = []
        for var page in try candidates(in: rowGroup, sought, file) {
            page.wanted.removeAll(where: found.contains)
            if page.wanted.isEmpty { continue }
            let first = rows.count
            try find(in: page, of: rowGroup, file, &rows)
            for row in rows[first...] { found.insert(row.identity) }
        }
        return rows
    }

    /// Appends the page's rows with wanted identities, ascending.
    private func find(
        in page: Candidate, of rowGroup: LookupRowGroup, _ file: any File, _ rows: inout [RowPicker.Row]
    ) throws(StoreError) {
        let first = rows.count
        defer { rows[first...].sort { $0.index < $1.index } }
        let chunk = rowGroup.chunk(.identity, page.index)
        identities.grow(to: chunk.valueCount)
        try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
            try identities.withFirst(chunk.valueCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        }
        identities.withFirst(chunk.valueCount) { values in
            let identities = UnsafeBufferPointer(values)
            if page.wanted.count <= Self.fewIdentities {
                for identity in page.wanted {
                    guard let position = identities.position(of: identity) else { continue }
                    rows.append(RowPicker.Row(index: page.firstRow + position, identity: identity))
                }
            } else {
                for position in positions[..<marks.find(in: identities, &positions)] {
                    let identity = identities[Int(position)]
                    guard page.wanted.sortedContains(identity) else { continue }
                    rows.append(RowPicker.Row(index: page.firstRow + Int(position), identity: identity))
                }
            }
        }
    }

    /// So many are looked for one after the other.
    private static let fewIdentities = 8

    /// A page that may hold wanted identities.
    private struct Candidate {
        var index: Int
        var firstRow: Int
        /// Those that it may hold, ascending.
        var wanted: ArraySlice<Int64>
    }

    /// The pages that may hold an identity that is sought, going by their ranges and the row group's Bloom filter.
    private func candidates(
        in rowGroup: LookupRowGroup, _ sought: ArraySlice<Int64>, _ file: any File
    ) throws(StoreError) -> [Candidate] {
        let candidates = candidates(in: rowGroup, sought)
        let chunk = rowGroup.metadata.columns[SegmentColumn.identity.rawValue]
        let pages = rowGroup.pages(of: .identity)
        let byteCount = candidates.reduce(0) { $0 + pages[$1.index].byteCount(in: chunk) }
        // Reading the filter has to cost less than it may spare.
        guard let filter = rowGroup.reliableFilter, filter.count < byteCount else { return candidates }
        let passing = try chunks.passingBloomFilter(sought, of: chunk, file)
        return self.candidates(in: rowGroup, passing[...])
    }

    private func candidates(in rowGroup: LookupRowGroup, _ sought: ArraySlice<Int64>) -> [Candidate] {
        var candidates: [Candidate] = []
        for (index, page) in rowGroup.pages(of: .identity).enumerated() {
            let wanted = sought.part(in: page.range)
            if wanted.isEmpty { continue }
            candidates.append(Candidate(index: index, firstRow: page.rows.lowerBound, wanted: wanted))
        }
        return candidates
    }
}
