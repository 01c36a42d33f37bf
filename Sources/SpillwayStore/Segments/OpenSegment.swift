import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// The segment that epochs are appended to: a Parquet file in the making, of row groups in frames, without a
/// footer yet. Used by one thread at a time.
final class OpenSegment {
    static let magic: [UInt8] = Array("PAR1".utf8)

    let name: SegmentName
    let createdAtUs: Int64
    private let frames: FrameFile
    private(set) var rowGroups: [RowGroupMetadata]
    /// Of each row group, where its frame has a rollup of it; nil if it has none.
    private(set) var rollupPlaces: [Range<UInt64>?] = []
    /// Of each row group, where its frame has what became of attempts.
    private(set) var outcomePlaces: [Range<UInt64>] = []
    private var rollup = RollupSum()
    private var outcomes = OutcomeTally()
    /// The last epoch that was appended.
    private(set) var lastEpoch: EpochMark

    var file: any File { frames.file }
    var length: UInt64 { frames.length }
    var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

    /// Creates the file; it is durable under its name when this returns.
    init(_ name: SegmentName, layout: StoreLayout, system: any System) throws(SystemError) {
        let file = try system.open(layout.open(name), .create)
        do {
            try file.write(Self.magic, at: 0)
            try system.syncDirectory(layout.open)
        } catch {
            try? system.remove(layout.open(name))
            throw error
        }
        self.name = name
        createdAtUs = system.monotonicUs()
        frames = FrameFile(file: file, salt: name.salt, length: UInt64(Self.magic.count))
        rowGroups = []
        lastEpoch = .none
    }

    /// Appends an epoch's frames: all of them or, if that fails, none.
    func append(_ epochFrames: [FrameBuffer], epoch: EpochMark) throws(SystemError) {
        let (mark, rowGroupCount) = (frames.mark, rowGroups.count)
        do {
            for (index, frame) in epochFrames.enumerated() {
                guard let metadata = frame.rowGroup else { preconditionFailure("a segment's frame holds a row group") }
                let base = try frames.append(frame, epoch: epoch, endsEpoch: index == epochFrames.count - 1)
                rowGroups.append(metadata.rebased(by: base))
                let rollupStart = frames.length - UInt64(frame.rollupByteCount)
                rollupPlaces.append(frame.rollup.map { _ in rollupStart..<frames.length })
                outcomePlaces.append(rollupStart - UInt64(frame.outcomesByteCount)..<rollupStart)
            }
        } catch {
            frames.rewind(to: mark)
            rowGroups.removeLast(rowGroups.count - rowGroupCount)
            rollupPlaces.removeLast(rollupPlaces.count - rowGroupCount)
            outcomePlaces.removeLast(outcomePlaces.count - rowGroupCount)
            throw error
        }
        for frame in epochFrames {
            rollup.add(frame.rollup)
            outcomes += frame.outcomes.tally
        }
        lastEpoch = epoch
    }

    func sync() throws(SystemError) { try frames.sync() }

    /// As ``FrameFile/writeAhead(_:byteCount:)``.
    func writeAhead(_ frame: FrameBuffer, byteCount: Int) throws(SystemError) -> Bool {
        try frames.writeAhead(frame, byteCount: byteCount)
    }

    /// Writes the footer and syncs: from here on the file is a Parquet file. After a failure it can be tried again.
    func writeFooter() throws -> SealedSegment {
        // What a full disk left of a longer footer must not stand behind this one.
        if try frames.file.size() > frames.length { try frames.file.truncate(to: frames.length) }
        try SegmentFooter(rowGroups: rowGroups, lastEpoch: lastEpoch, rollup: rollup.rollup, outcomes: outcomes)
            .write(to: frames.file, at: frames.length)
        return SealedSegment(
            name: name, size: try frames.file.size(), lastEpoch: lastEpoch,
            statistics: SegmentStatistics(rowGroups))
    }
}

/// What the table's log says of a segment.
struct SealedSegment: Sendable {
    var name: SegmentName
    var size: UInt64
    var lastEpoch: EpochMark
    var statistics: SegmentStatistics
}
