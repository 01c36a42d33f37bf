import SpillwayParquet
import SpillwayPlatform

extension StoreView {
    /// Hands the identities of each stored row group to `body`, as the 64 bits reinterpreted as signed, on several
    /// threads at once. The journal's are not among them.
    ///
    /// - Throws: ``StoreError``, and whatever `body` throws.
    package func forEachIdentityColumn(
        threads: Int, _ body: @escaping @Sendable (Span<Int64>) throws -> Void
    ) throws {
        let places = segments.flatMap { segment in segment.rowGroups.map { (segment, $0) } }
        let idle = Monitor<[RowGroupReader]>([])
        try concurrentPerform(places.count, threads: threads) { index in
            let (segment, rowGroup) = places[index]
            let reader = idle.withLock { $0.popLast() } ?? RowGroupReader()
            try asStoreError(segment.path) { try reader.readIdentities(rowGroup, from: segment.openFile()) }
            try reader.withIdentities(body)
            idle.withLock { $0.append(reader) }
        }
    }
}
