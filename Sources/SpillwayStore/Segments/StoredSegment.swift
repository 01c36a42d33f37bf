import SpillwayParquet
import SpillwayPlatform

/// A segment as a view found it.
package struct StoredSegment: Sendable {
    package let name: SegmentName
    package let path: String
    /// With offsets from the file's first byte.
    package private(set) var rowGroups: [RowGroupMetadata]
    private(set) var lastEpoch: EpochMark
    /// Where the last whole epoch of an open segment ends.
    let end: UInt64
    /// Up to where an open segment is durable for certain, at most ``end``.
    let durableEnd: UInt64
    /// Where the file has rollups that are, together, of all its rows; nil if it has none of some.
    private var rollupPlaces: [Range<UInt64>]?
    /// Where the file has what became of attempts that brought no row.
    private var outcomePlaces: [Range<UInt64>]
    private let system: any System
    /// Held for an open segment, which may be moved by the time it is read. Sealed ones are opened as they are
    /// needed, so that a store of many does not use up the process's files.
    private let heldFile: (any File)?

    package var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

    package func openFile() throws(SystemError) -> any File {
        if let heldFile { return heldFile }
        return try system.open(path, .read)
    }

    /// The row groups of an open segment from one on, as its writer knows them.
    init(rowGroupsFrom first: Int, lastEpoch: EpochMark, of segment: OpenSegment, system: any System) {
        name = segment.name
        path = segment.file.path
        rowGroups = Array(segment.rowGroups[first...])
        let places = segment.rollupPlaces[first...].compactMap(\.self)
        rollupPlaces = places.count == rowGroups.count ? places : nil
        outcomePlaces = Array(segment.outcomePlaces[first...])
        self.lastEpoch = lastEpoch
        end = segment.length
        durableEnd = 0
        self.system = system
        heldFile = segment.file
    }

    /// Adds row groups that were appended to the same segment since.
    mutating func append(_ part: StoredSegment) {
        rowGroups += part.rowGroups
        rollupPlaces = rollupPlaces.flatMap { places in part.rollupPlaces.map { places + $0 } }
        outcomePlaces += part.outcomePlaces
        lastEpoch = part.lastEpoch
    }

    init(sealed name: SegmentName, layout: StoreLayout, system: any System) throws {
        let file = try system.open(layout.sealed(name), .read)
        let footer = try asStoreError(file.path) { try SegmentFooter(reading: file) }
        self.name = name
        path = file.path
        rowGroups = footer.rowGroups
        lastEpoch = footer.lastEpoch
        end = 0
        durableEnd = 0
        rollupPlaces = footer.rollupPlace.map { [$0] }
        outcomePlaces = footer.outcomesPlace.map { [$0] } ?? []
        self.system = system
        heldFile = nil
    }

    init(open name: SegmentName, layout: StoreLayout, system: any System) throws {
        let file = try system.open(layout.open(name), .read)
        let scan = try FrameScan(file, salt: name.salt, from: UInt64(OpenSegment.magic.count))
        // Sealing writes no byte of it again, and then nobody could read what was acknowledged.
        guard try scan.entries.isEmpty || file.readBytes(count: OpenSegment.magic.count, at: 0) == OpenSegment.magic
        else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "does not begin with PAR1")
        }
        self.name = name
        path = file.path
        let described = try scan.entries.map { try Self.rowGroup(in: $0, of: file) }
        rowGroups = described.map(\.rowGroup)
        let places = described.compactMap(\.rollupPlace)
        rollupPlaces = places.count == described.count ? places : nil
        outcomePlaces = described.map(\.outcomesPlace)
        lastEpoch = scan.lastEpoch ?? .none
        end = scan.end
        durableEnd = min(scan.entries.last?.header.durableLength ?? 0, scan.end)
        self.system = system
        heldFile = file
    }

    /// How many rows there are of each minute, country, platform and source; nil if the file does not say, as one of an
    /// earlier version does not, or has labels that the process has no room for.
    ///
    /// - Throws: ``StoreError/damaged(path:offset:problem:)`` if it does not match its checksum, or is of other rows.
    /// - Complexity: O(cells), much less than of rows.
    package func loadRollup(_ detail: RollupDetail = .minutes) throws(StoreError) -> Rollup? {
        guard let rollupPlaces else { return nil }
        return try asStoreError(path) {
            let file = try openFile()
            var sum = RollupSum()
            for place in rollupPlaces { sum.add(try Rollup(reading: file, in: place, detail)) }
            guard let rollup = sum.rollup else { return nil }
            guard rollup.registrations == rowCount else {
                throw StoreError.damaged(
                    path: path, offset: rollupPlaces.first?.lowerBound ?? 0,
                    problem: "the rollup counts \(rollup.registrations) of \(rowCount) rows")
            }
            return rollup
        }
    }

    /// How many attempts brought no registration while the segment was written, as durable as its rows.
    ///
    /// - Throws: ``StoreError/damaged(path:offset:problem:)`` if that does not match its checksum.
    /// - Complexity: O(cells)
    package func loadOutcomes() throws(StoreError) -> OutcomeTally {
        try asStoreError(path) {
            if outcomePlaces.isEmpty { return OutcomeTally() }
            let file = try openFile()
            var total = OutcomeTally()
            for place in outcomePlaces { total += try OutcomeTally(reading: file, in: place) }
            return total
        }
    }

    /// What a frame holds.
    private struct FrameContent {
        /// With offsets from the file's first byte.
        var rowGroup: RowGroupMetadata
        var outcomesPlace: Range<UInt64>
        /// Nil if it has no rollup.
        var rollupPlace: Range<UInt64>?
    }

    private static func rowGroup(in entry: FrameScan.Entry, of file: any File) throws -> FrameContent {
        let header = entry.header
        let offset = entry.contentOffset + header.bodyLength
        let bytes = try file.readBytes(count: Int(header.metadataLength), at: offset)
        let metadata: RowGroupMetadata
        let (byteCount, outcomesByteCount): (Int, Int)
        do {
            (metadata, byteCount, outcomesByteCount) = try bytes.withUnsafeBytes { bytes in
                let (metadata, byteCount) = try RowGroupMetadata.parse(bytes, within: header.bodyLength)
                let rest = UnsafeRawBufferPointer(rebasing: bytes[byteCount...])
                return (metadata, byteCount, try OutcomeTally.parse(rest, at: offset + UInt64(byteCount)).byteCount)
            }
        } catch let error as ParquetError {
            throw StoreError(error, path: file.path, from: offset)
        }
        guard metadata.rowCount == header.rowCount, metadata.rowCount <= SegmentFooter.maximumRowGroupRows,
            metadata.fits(segmentSchema)
        else {
            throw StoreError.damaged(
                path: file.path, offset: offset, problem: "a frame does not hold a segment's row group")
        }
        let outcomesStart = offset + UInt64(byteCount)
        let outcomesPlace = outcomesStart..<outcomesStart + UInt64(outcomesByteCount)
        let rollupPlace = outcomesPlace.upperBound..<offset + UInt64(header.metadataLength)
        return FrameContent(
            rowGroup: metadata.rebased(by: entry.contentOffset), outcomesPlace: outcomesPlace,
            rollupPlace: rollupPlace.isEmpty ? nil : rollupPlace)
    }
}
