import SpillwayParquet
import SpillwayPlatform

/// A segment or a journal whose frames were located, to be read piece by piece.
struct FramedFile: Sendable {
    enum Kind: Sendable {
        case sealed, open, journal
        /// A sealed segment of row groups without frames, as compaction writes it.
        case merged

        /// Whether its end may be torn, and a writer may move or delete it.
        var isGrowing: Bool { self == .open || self == .journal }
    }

    /// A frame, or a row group whose frame's header is damaged: what is read and checked at once.
    struct Piece: Sendable {
        /// Nil if it is damaged.
        var header: FrameHeader?
        var content: Range<UInt64>
        /// What the file's footer says of the row group.
        var listed: RowGroupMetadata?
    }

    let kind: Kind
    /// Path within the store.
    let name: String
    let path: String
    let size: UInt64
    /// Of a sealed file, with its page indexes; nil if it cannot be read.
    private(set) var footer: SegmentFooter?
    private(set) var pieces: [Piece] = []
    /// Of the file's last whole epoch, as far as it can be read.
    private(set) var lastEpoch = EpochMark.none
    private(set) var problems: [Problem] = []
    /// Those among them that say where rows may have been, and nothing tells how many.
    private(set) var losses: [Problem] = []
    private(set) var notes: [Problem] = []

    private let system: any System
    /// Held for files that a writer may move or delete meanwhile.
    private let heldFile: (any File)?

    func openFile() throws(SystemError) -> any File {
        if let heldFile { return heldFile }
        return try system.open(path, .read)
    }

    /// - Parameter name: Path within the store.
    init(_ kind: Kind, name: String, salt: UInt64, layout: StoreLayout, system: any System) throws {
        self.kind = kind
        self.name = name
        self.system = system
        path = "\(layout.root)/\(name)"
        let file = try system.open(path, .read)
        heldFile = kind.isGrowing ? file : nil
        size = try file.size()
        if !kind.isGrowing { readFooter(file, root: layout.root) }
        if let footer { lastEpoch = footer.lastEpoch }
        if kind == .merged {
            listUnframed()
            return
        }
        let start = kind == .journal ? 0 : UInt64(OpenSegment.magic.count)
        let walk = try FrameWalk(
            file, salt: salt, from: start, to: max(start, footer?.framesEnd ?? size), mayBeTorn: kind.isGrowing)
        placeFooterProblems(behind: walk)
        list(walk)
        if kind != .journal, !walk.places.isEmpty, try file.readBytes(count: Int(start), at: 0) != OpenSegment.magic {
            add(0, "the file does not begin with PAR1")
        }
        if kind.isGrowing, walk.end < size, !(walk.places.isEmpty && size <= start),
            try !file.holdsZerosOnly(in: walk.end..<size)
        {
            note(walk.end, "\(size - walk.end) bytes of a torn write, which was never acknowledged")
        }
        if let footer { lastEpoch = footer.lastEpoch }
    }

    /// Row groups follow on one another from the magic on.
    private mutating func listUnframed() {
        guard let footer else { return }
        var end = UInt64(OpenSegment.magic.count)
        for rowGroup in footer.rowGroups.sorted(by: { $0.columns[0].offset < $1.columns[0].offset }) {
            let start = rowGroup.columns[0].offset
            if start != end { add(end, "bytes that belong to no row group") }
            end = rowGroup.columns.reduce(start) { max($0, $1.byteRange.upperBound) }
            pieces.append(Piece(header: nil, content: start..<end, listed: rowGroup))
        }
    }

    private mutating func add(_ offset: UInt64, _ problem: String) {
        problems.append(Problem(file: name, offset: offset, problem: problem))
    }

    private mutating func note(_ offset: UInt64, _ problem: String) {
        notes.append(Problem(file: name, offset: offset, problem: problem))
    }

    private mutating func readFooter(_ file: any File, root: String) {
        do {
            var footer = try asStoreError(path) { try SegmentFooter(reading: file) }
            try asStoreError(path) { try footer.loadPageIndexes(from: file) }
            self.footer = footer
            try compareFooter(footer, file)
        } catch {
            problems.append(Problem(error, file: name, root: root))
            if footer == nil, kind == .merged { losses += problems.suffix(1) }
        }
    }

    /// What a reader passes over must be right too, as others may not: null counts, sizes, the order of pages.
    private mutating func compareFooter(_ footer: SegmentFooter, _ file: any File) throws {
        var footer = footer
        guard var start = footer.framesEnd else { return }
        // Where there are rows, it is held against them: see `CountsCheck`.
        footer.rollup = try footer.rollupPlace.map { place in
            footer.rowGroups.isEmpty ? Rollup().encoded : try file.readBytes(count: place.count, at: place.lowerBound)
        }
        if let place = footer.outcomesPlace {
            footer.outcomes = try asStoreError(path) { try OutcomeTally(reading: file, in: place) }.encoded
        }
        if kind == .merged {
            start = footer.pagesEnd
            footer.bloomFilters = try asStoreError(path) {
                try footer.rowGroups.compactMap {
                    try $0.columns[SegmentColumn.identity.rawValue].readBloomFilter(from: file)
                }
            }
            guard [0, footer.rowGroups.count].contains(footer.bloomFilters.count) else {
                return add(start, "some row groups have a Bloom filter, and some have none")
            }
        }
        let stored = try file.readBytes(count: Int(size - min(start, size)), at: start)
        let expected = footer.serialized(at: start)
        let difference = expected.withUnsafeBytes { expected in
            stored.count == expected.count
                ? stored.indices.first { stored[$0] != expected[$0] } : min(stored.count, expected.count)
        }
        if let difference { add(start + UInt64(difference), "the footer is not that of the row groups it lists") }
    }

    /// Nothing but a wrong length has a footer read from where the frames are.
    private mutating func placeFooterProblems(behind walk: FrameWalk) {
        guard kind == .sealed, footer == nil, let end = walk.places.last(where: { $0.header != nil })?.end else {
            return
        }
        let frames = UInt64(OpenSegment.magic.count)..<end
        for index in problems.indices where frames.contains(problems[index].offset) {
            problems[index].offset = size - min(size, 8)
            problems[index].problem = "the footer's length leads out of the footer: \(problems[index].problem)"
        }
    }

    private mutating func list(_ walk: FrameWalk) {
        var listed: [UInt64: RowGroupMetadata] = [:]
        for rowGroup in footer?.rowGroups ?? [] { listed[rowGroup.columns[0].offset] = rowGroup }
        var last: FrameHeader?
        for place in walk.places {
            guard let header = place.header else {
                listGap(place, isLast: place.end == walk.end, &listed)
                last = nil
                continue
            }
            if let last, !header.follows(last) {
                add(place.offset, "frame \(header.sequence) stands behind frame \(last.sequence)")
            }
            let rowGroup = listed.removeValue(forKey: place.contentOffset)
            if footer != nil, rowGroup == nil { add(place.offset, "the footer does not list this row group") }
            pieces.append(Piece(header: header, content: place.contentOffset..<place.end, listed: rowGroup))
            if header.endsEpoch { lastEpoch = EpochMark(number: header.epoch, position: header.position) }
            last = header
        }
        for rowGroup in listed.values { add(rowGroup.columns[0].offset, "a row group without a frame") }
    }

    /// A stretch of bytes without a frame; the footer may know of row groups in it.
    private mutating func listGap(
        _ place: FrameWalk.Place, isLast: Bool, _ listed: inout [UInt64: RowGroupMetadata]
    ) {
        // An unreadable footer, which is named already, ends the file like this.
        if kind == .sealed, footer == nil, isLast { return }
        add(place.offset, "\(place.end - place.offset) bytes belong to no frame: the header here is damaged")
        let pieceCount = pieces.count
        defer { if pieces.count == pieceCount { losses += problems.suffix(1) } }
        for (offset, rowGroup) in listed.sorted(by: { $0.key < $1.key })
        where place.offset <= offset && offset < place.end {
            let end = rowGroup.columns.reduce(offset) { max($0, $1.byteRange.upperBound) }
            pieces.append(Piece(header: nil, content: offset..<end, listed: rowGroup))
            listed[offset] = nil
        }
    }
}
