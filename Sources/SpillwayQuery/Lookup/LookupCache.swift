import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// What look-ups have read of row groups: page indexes, and the rows of those that were asked for repeatedly. Kept for the
/// next look-up in the same segments, as long as there is room.
package final class LookupCache: Sendable {
    /// An identity chunk's place: bytes of a segment never change.
    private struct Key: Hashable {
        var path: String
        var offset: UInt64
    }
    private let rowGroups = Monitor<[Key: LookupRowGroup]>([:])
    private let memory: LookupMemory

    /// - Parameter limitBytes: What is kept takes at most about so much memory.
    package init(limitBytes: Int) { memory = LookupMemory(limitBytes: limitBytes) }

    func rowGroup(_ metadata: RowGroupMetadata, _ file: any File) throws(StoreError) -> LookupRowGroup {
        let key = Key(path: file.path, offset: metadata.columns[SegmentColumn.identity.rawValue].offset)
        if let known = rowGroups.withLock({ $0[key] }) { return known }
        let read = try LookupRowGroup(metadata, file, memory)
        guard read.takeMemory() else { return read }
        return rowGroups.withLock { rowGroups in
            if let first = rowGroups[key] { return first }
            rowGroups[key] = read
            return read
        }
    }

    /// How much more can be kept.
    var freeBytes: Int { memory.freeBytes }

    /// Forgets all segments but some.
    func keepOnly(segmentsAt paths: Set<String>) {
        // What is left over goes after the lock is free.
        let forgotten = rowGroups.withLock { rowGroups in
            let forgotten = rowGroups.filter { !paths.contains($0.key.path) }
            for key in forgotten.keys { rowGroups[key] = nil }
            return forgotten
        }
        withExtendedLifetime(forgotten) {}
    }
}
