public import SpillwayModel
import SpillwayParquet
package import SpillwayPlatform
internal import SpillwayStore

/// What a store holds, as attempts in the order of their registration: a store keeps no arrivals, so that each arrives
/// when it is registered.
///
/// Holds what the store did when it was opened, every acknowledged registration, also of a store that a crash left or
/// that another process writes to. That is not changed by what is written, compacted or erased later; but if the files
/// of an opened store are deleted, reading fails with ``TraceError/segmentDeleted(path:)``.
public struct StoreTrace: Trace {
    /// The directory's.
    public let name: String
    /// Covers which segments there are, how many rows are in each of their row groups, and the last epoch.
    public let fingerprint: UInt64
    public var sliceCount: Int { rows.sliceCount }
    public var expectedAttempts: Int { rows.expectedAttempts }
    public var registrationsByRegion: [Region: Int]? { nil }

    private let rows: TimeOrderedTrace

    public init(path: String) throws(TraceError) {
        try self.init(path: path, system: PosixSystem())
    }

    package init(path: String, system: any System) throws(TraceError) {
        do throws(StoreError) {
            let view = try StoreView(path: path, system: system)
            name = String(fileName(of: view.path))
            fingerprint = Self.fingerprint(of: view)
            rows = TimeOrderedTrace(name: view.path, fingerprint: fingerprint, sources: try Self.sources(view))
        } catch {
            throw .store(error)
        }
    }

    /// Whether there is a store's directory at `path`.
    package static func isStore(at path: String) -> Bool {
        (try? PosixSystem().exists(StoreLayout(root: path).metadata)) ?? false
    }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        try rows.readSlice(index, into: &slice)
    }

    private static func sources(_ view: StoreView) throws(StoreError) -> [any RowSource] {
        let readers = RowGroupReaders()
        var sources: [any RowSource] = []
        for segment in view.segments {
            for rowGroup in segment.rowGroups where rowGroup.rowCount > 0 {
                sources.append(try StoredRowGroup(rowGroup, of: segment, readers: readers))
            }
        }
        return sources + [JournaledRows(view.journaled)]
    }

    private static func fingerprint(of view: StoreView) -> UInt64 {
        var hash = RecordingFingerprint()
        for segment in view.segments {
            Array(segment.name.description.utf8).withUnsafeBytes { hash.combine($0) }
            let rowCounts = segment.rowGroups.map { UInt64($0.rowCount) }
            rowCounts.withUnsafeBytes { hash.combine($0) }
        }
        withUnsafeBytes(of: view.lastEpoch.number) { hash.combine($0) }
        return hash.value(fileSize: UInt64(view.rowCount))
    }
}
