import SpillwayPlatform

/// Removes persons from a store, so that no file of it holds their identities.
///
/// Segments that hold one are written anew without it, and so with other statistics, page indexes and bloom filters;
/// one version of the table's log puts the new ones in place; then every file that is not in the table is deleted at
/// once. The log and other files never hold an identity.
package struct Erasure {
    private let layout: StoreLayout
    private let system: any System
    private let rowGroupRows: Int

    package init(storeAt path: String, rowGroupRows: Int = CompactionPolicy().rowGroupRows, system: any System) {
        layout = StoreLayout(root: path)
        self.system = system
        self.rowGroupRows = rowGroupRows
    }

    /// Who and what went.
    package struct Erased {
        /// Those of an earlier erasure that was interrupted among them.
        package var identities: Set<UInt64>
        package var rowCount: Int
    }

    /// Erases the identities, whether they are registered or not. After an error, or a crash, calling it again
    /// goes on, as does opening the store.
    ///
    /// - Parameter onProgress: told how many of how many rows are looked through.
    /// - Precondition: the caller is the store's writer, what came in before is sealed, no journal has a row of one of
    ///   the identities, and none comes in until this returns.
    package func run(
        _ identities: some Sequence<UInt64>, onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> Erased {
        try asStoreError(layout.root) {
            let maintenance = try Maintenance(layout, system)
            // Names that went a while ago had better not come back.
            for directory in [layout.open, layout.journal] { try system.syncDirectory(directory) }
            let unfinished = try ErasureIntent.read(layout, system)?.identities ?? []
            let all = Set(unfinished).union(identities)
            try ErasureIntent(identities: all.sorted()).write(layout, system)
            return Erased(identities: all, rowCount: try finish(all, maintenance, onProgress))
        }
    }

    /// Finishes what a crash interrupted; false if there was nothing.
    static func resume(_ layout: StoreLayout, _ system: any System) throws -> Bool {
        guard let intent = try ErasureIntent.read(layout, system) else {
            // One in the making counts for nothing, but names them all the same.
            try ErasureIntent.remove(layout, system)
            return false
        }
        let erasure = Erasure(storeAt: layout.root, system: system)
        _ = try erasure.finish(Set(intent.identities), Maintenance(layout, system)) { _, _ in }
        return true
    }

    private func finish(
        _ identities: Set<UInt64>, _ maintenance: Maintenance, _ onProgress: (_ done: Int, _ total: Int) -> Void
    ) throws -> Int {
        try maintenance.removeLeftovers()
        var erased: Int?
        repeat { erased = try rewrite(without: identities, maintenance, onProgress) } while erased == nil
        let strays = try maintenance.strays()
        try maintenance.remove(strays.leftovers + strays.removed.map(\.path) + strays.forgotten)
        for directory in [layout.open, layout.journal] { try system.syncDirectory(directory) }
        try ErasureIntent.remove(layout, system)
        return erased ?? 0
    }

    /// How many rows went; nil if another tool that maintains the table was first.
    private func rewrite(
        without identities: Set<UInt64>, _ maintenance: Maintenance, _ onProgress: (_ done: Int, _ total: Int) -> Void
    ) throws -> Int? {
        var state = try maintenance.log.load()
        let reader = RowGroupReader()
        let merger = SegmentMerger(reader: reader, workshop: .init(), rowGroupRows: rowGroupRows)
        var (old, new): ([SegmentName], [SealedSegment]) = ([], [])
        var (erased, done) = (0, 0)
        let segments = try state.liveSegments(layout: layout)
            .map { try StoredSegment(sealed: $0, layout: layout, system: system) }
        let total = segments.reduce(0) { $0 + $1.rowCount }
        for segment in segments {
            onProgress(done, total)
            done += segment.rowCount
            let count = try asStoreError(segment.path) { try rows(of: identities, in: segment, reader) }
            guard count > 0, let merged = try merger.merge([segment], leavingOut: identities, layout, system)
            else { continue }
            erased += count
            old.append(segment.name)
            new.append(merged)
        }
        if old.isEmpty { return 0 }
        if try maintenance.log.replace(old, by: new, dataChange: true, in: &state) { return erased }
        try maintenance.removeLeftovers()
        return nil
    }

    private func rows(of identities: Set<UInt64>, in segment: StoredSegment, _ reader: RowGroupReader) throws -> Int {
        let file = try segment.openFile()
        var count = 0
        for rowGroup in segment.rowGroups {
            let range = rowGroup.integerRange(of: .identity)
            let mayHold = identities.contains { range?.contains(Int64(bitPattern: $0)) ?? true }
            if !mayHold { continue }
            try reader.readIdentities(rowGroup, from: file)
            for row in 0..<reader.rowCount where identities.contains(reader.identity(at: row)) { count += 1 }
        }
        return count
    }
}
