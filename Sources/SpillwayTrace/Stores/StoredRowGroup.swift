internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform
internal import SpillwayStore

/// A row group of a store's segment.
struct StoredRowGroup: RowSource {
    let arrivals: ClosedRange<Timestamp>?
    var rowCount: Int { rowGroup.rowCount }

    private let segment: StoredSegment
    private let rowGroup: RowGroupMetadata
    private let readers: RowGroupReaders

    /// - Throws: ``StoreError/damaged(path:offset:problem:)`` if nothing says between which times its rows lie.
    init(
        _ rowGroup: RowGroupMetadata, of segment: StoredSegment, readers: RowGroupReaders
    ) throws(StoreError) {
        guard let times = rowGroup.integerRange(of: .registeredAt) else {
            throw Self.unsound(rowGroup, of: segment, "has no statistics")
        }
        arrivals = Timestamp(rawValue: times.lowerBound)...Timestamp(rawValue: times.upperBound)
        self.segment = segment
        self.rowGroup = rowGroup
        self.readers = readers
    }

    func read(into slice: inout TraceSlice) throws(TraceError) {
        let reader = readers.take()
        defer { readers.giveBack(reader) }
        do throws(StoreError) {
            try reader.read(rowGroup, from: try openFile())
        } catch {
            if case .system(let error) = error, error.isNotFound { throw .segmentDeleted(path: segment.path) }
            throw .store(error)
        }
        reader.copyRows(into: &slice.batch)
        guard slice.batch.registeredAt.allSatisfy({ arrivals?.contains($0) ?? false }) else {
            throw .store(Self.unsound(rowGroup, of: segment, "does not lie within its statistics"))
        }
        slice.arrivedAt.removeAll(keepingCapacity: true)
        slice.arrivedAt += slice.batch.registeredAt
    }

    private func openFile() throws(StoreError) -> any File {
        do throws(SystemError) { return try segment.openFile() } catch { throw .system(error) }
    }

    private static func unsound(
        _ rowGroup: RowGroupMetadata, of segment: StoredSegment, _ problem: String
    ) -> StoreError {
        .damaged(
            path: segment.path, offset: rowGroup.columns[SegmentColumn.registeredAt.rawValue].offset,
            problem: "column \(SegmentColumn.registeredAt.name) \(problem)")
    }
}

/// Readers that are between two row groups, with the memory that they keep: as many as there are threads that read.
final class RowGroupReaders: Sendable {
    private let idle = Monitor<[RowGroupReader]>([])

    func take() -> RowGroupReader { idle.withLock { $0.popLast() } ?? RowGroupReader() }

    func giveBack(_ reader: RowGroupReader) { idle.withLock { $0.append(reader) } }
}
