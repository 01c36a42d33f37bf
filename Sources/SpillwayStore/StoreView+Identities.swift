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
        let idle = Monitor<[IdentityReader]>([])
        try concurrentPerform(places.count, threads: threads) { index in
            let (segment, rowGroup) = places[index]
            let reader = idle.withLock { $0.popLast() } ?? IdentityReader()
            try asStoreError(segment.path) { try reader.read(rowGroup, of: segment) }
            try body(reader.identities.span)
            idle.withLock { $0.append(reader) }
        }
    }
}

/// Reads identity columns into memory that is reused.
private final class IdentityReader: @unchecked Sendable {
    // Unchecked: used by one thread at a time, handed on under the lock of the idle ones.
    private(set) var identities: [Int64] = []
    private var chunk = ByteBuffer()
    private var decoder = ColumnChunkDecoder()

    func read(_ rowGroup: RowGroupMetadata, of segment: StoredSegment) throws {
        let column = rowGroup.columns[SegmentColumn.identity.rawValue]
        try column.read(from: try segment.openFile(), into: &chunk)
        if identities.count > rowGroup.rowCount {
            identities.removeLast(identities.count - rowGroup.rowCount)
        } else {
            identities.append(contentsOf: repeatElement(0, count: rowGroup.rowCount - identities.count))
        }
        try decode(column)
    }

    private func decode(_ column: ColumnChunkMetadata) throws(ParquetError) {
        var failure: ParquetError?
        chunk.withUnsafeBytes { bytes in
            identities.withUnsafeMutableBufferPointer { values in
                do throws(ParquetError) {
                    try decoder.decode(bytes, column, into: values)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }
}
