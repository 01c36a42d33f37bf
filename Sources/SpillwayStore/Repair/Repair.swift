import SpillwayParquet
import SpillwayPlatform

/// Makes a new store of what is sound in another, which is not touched.
///
/// Row groups and journal records are taken whole or not at all; those that are as they were written are copied
/// byte for byte. An identity that is stored twice is taken once, where it came first.
package struct Repair: Sendable {
    /// As ``Verification/memoryBytes``.
    package var memoryBytes = 1 << 30
    package var threads = Process.processorCount

    private let source: StoreLayout
    private let target: StoreLayout
    private let system: any System

    /// - Parameters:
    ///   - path: The store's directory.
    ///   - newPath: The new store's: a directory that is not there yet.
    package init(path: String, newPath: String, system: any System) {
        source = StoreLayout(root: path)
        target = StoreLayout(root: newPath)
        self.system = system
    }

    /// - Parameter progress: Called with bytes done and bytes in all, from several threads.
    /// - Throws: ``StoreError``: there is no store to read, or the new one cannot be made.
    package func run(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> RepairReport {
        try asStoreError(source.root) {
            guard try system.exists(source.root) else { throw StoreError.missing(path: source.root) }
            guard try system.exists(source.hidden) else { throw StoreError.notAStore(path: source.root) }
            guard try !system.exists(target.root) else { throw StoreError.exists(path: target.root) }
            let inventory = try StoreInventory(layout: source, system: system)
            let pieces = StorePieces(inventory, countsAll: true)
            let census = IdentityCensus(
                count: pieces.expectedRows, memoryBytes: memoryBytes, randomWord: system.randomWord())
            let total = pieces.byteCount * 2
            let findings = try pieces.check(census, threads: threads, root: source.root) { done, _ in
                progress(done, total)
            }
            try prepareTarget(inventory.metadata)
            let copy = try SalvagedCopy(
                Store.open(target.root, system: system).store, repeated: census.repeatedIdentities,
                lastSegmentEpoch: inventory.lastSegmentEpoch)
            for file in inventory.files where file.kind == .merged { try copy.takeOutcomes(of: file) }
            let losses = Losses(inventory, pieces, findings)
            var done = total / 2
            for (index, place) in pieces.places.enumerated() {
                if losses.unsound.contains(index) {
                    copy.skip(place)
                } else {
                    try copy.take(place, keepsPosition: !losses.isBeforeEverything)
                }
                done += place.piece.content.count
                progress(done, total)
            }
            try copy.finish()
            // Whoever opens the new store first finishes what was interrupted in the old one.
            try inventory.erasure?.write(target, system)
            return RepairReport(
                registrations: copy.rowCount, segments: copy.segmentCount, position: copy.position,
                losses: losses.all)
        }
    }

    /// The table's id and the routing key stay the same, if they can be read.
    private func prepareTarget(_ metadata: StoreMetadata?) throws {
        guard let metadata else { return }
        for directory in [target.root, target.hidden, target.open, target.journal, target.log] {
            try system.createDirectory(directory)
        }
        try metadata.write(layout: target, system: system)
        try system.syncDirectory(target.root)
        try system.syncDirectory(target.parent)
    }
}

/// What ``Repair`` did.
package struct RepairReport: Sendable {
    /// Rows that could not be taken, and why.
    package struct Loss: Sendable, Hashable {
        package var problem: Problem
        /// Nil where nothing tells how many there were.
        package var rows: Int?
    }

    /// In the new store.
    package var registrations: Int
    package var segments: Int
    /// How far the new store brings the stream that was replayed: as far as nothing before it was lost.
    package var position: StreamPosition
    /// In order of file and offset.
    package var losses: [Loss]
}

/// What cannot be taken of a store.
struct Losses {
    private(set) var all: [RepairReport.Loss] = []
    /// Indexes of pieces.
    let unsound: Set<Int>
    /// Whether something is lost of which the place in time is not known.
    let isBeforeEverything: Bool

    init(_ inventory: StoreInventory, _ pieces: StorePieces, _ findings: StorePieces.Findings) {
        unsound = Set(findings.unsound)
        for add in inventory.missing {
            let problem = Problem(file: add.path, offset: 0, problem: "there is no such file")
            all.append(.init(problem: problem, rows: add.recordCount))
        }
        for problem in inventory.losses { all.append(.init(problem: problem, rows: nil)) }
        isBeforeEverything = !all.isEmpty
        for index in findings.unsound {
            let (file, piece) = (pieces.places[index].file, pieces.places[index].piece)
            // A segment holds the rows of such a record.
            if file.kind == .journal, piece.header?.epoch ?? .max <= inventory.lastSegmentEpoch { continue }
            let found = findings.problems.filter { problem in
                let start = piece.content.lowerBound - min(piece.content.lowerBound, UInt64(FrameHeader.byteCount))
                return problem.file == file.name && problem.offset >= start
                    && problem.offset <= piece.content.upperBound
            }
            let problem = found.min() ?? Problem(file: file.name, offset: piece.content.lowerBound, problem: "damaged")
            let rows = piece.listed?.rowCount ?? piece.header.map { Int($0.rowCount) }
            all.append(.init(problem: problem, rows: rows))
        }
        all.sort { $0.problem < $1.problem }
    }
}
