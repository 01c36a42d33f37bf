import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// A frame being made: room for its header, then its content. Made by any thread, since nothing in it depends on
/// where in the file it comes to stand; the appender fills in the header.
package final class FrameBuffer: @unchecked Sendable {
    // Unchecked: a buffer has one owner at a time, handed on under the pipeline's lock.
    var bytes = ByteBuffer()
    private(set) var rowCount = 0
    private(set) var bodyLength = 0
    private var contentChecksum: UInt32 = 0
    /// Describes the row group in the frame, with offsets relative to the frame's body; nil in a journal's.
    private(set) var rowGroup: RowGroupMetadata?
    /// Counts the row group's rows; nil if that cannot be done, and in a journal's.
    private(set) var rollup: Rollup?
    /// Bytes at the frame's end that the rollup takes.
    private(set) var rollupByteCount = 0
    /// Of attempts of the epochs that the frame ends, or is of; since when, only a journal's frame says.
    private(set) var outcomes = RecordedOutcomes.none
    /// Bytes before the rollup that those take in a row group's frame.
    private(set) var outcomesByteCount = 0
    /// The rows of a journal's record; empty in a segment's.
    var journaled = RegistrationBatch()

    /// - Parameter rowCount: Rows of a row group that memory is taken for now, not as they come.
    package init(populatedFor rowCount: Int = 0) {
        if rowCount > 0 { bytes.populate(byteCount: rowCount * Self.usualBytesPerRow) }
    }

    private static let usualBytesPerRow = 10

    /// Bytes of memory that it keeps for reuse.
    package var capacity: Int { bytes.capacity }

    func begin() {
        bytes.removeAll()
        bytes.append(repeatElement(0, count: FrameHeader.byteCount))
        (rowGroup, rollup, rollupByteCount) = (nil, nil, 0)
        (outcomes, outcomesByteCount) = (.none, 0)
        journaled.removeAll()
    }

    /// Says that what was appended is the frame's body.
    func endBody(rowCount: Int) {
        self.rowCount = rowCount
        bodyLength = bytes.count - FrameHeader.byteCount
    }

    /// Says that what was appended are a row group's pages, and ends the frame.
    func end(rowGroup: RowGroupMetadata, rollup: Rollup?, outcomes: OutcomeTally = OutcomeTally()) {
        endBody(rowCount: rowGroup.rowCount)
        (self.rowGroup, self.rollup, self.outcomes.tally) = (rowGroup, rollup, outcomes)
        rowGroup.serialize(into: &bytes)
        let metadataEnd = bytes.count
        bytes.append(outcomes.encoded)
        let outcomesEnd = bytes.count
        if let rollup { bytes.append(rollup.encoded) }
        (outcomesByteCount, rollupByteCount) = (outcomesEnd - metadataEnd, bytes.count - outcomesEnd)
        end()
    }

    /// Ends a journal's frame, of the rows that were appended.
    func end(outcomes: RecordedOutcomes) {
        self.outcomes = outcomes
        bytes.append(littleEndian: outcomes.since)
        bytes.append(outcomes.tally.encoded)
        end()
    }

    /// Hands out the content without what describes it.
    func withBody<Failure: Error>(_ use: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        try bytes.withUnsafeBytes(in: FrameHeader.byteCount..<FrameHeader.byteCount + bodyLength, use)
    }

    private func end() {
        contentChecksum = bytes.withUnsafeBytes(in: FrameHeader.byteCount..<bytes.count) { crc32c($0) }
    }

    func writeHeader(
        salt: UInt64, sequence: UInt64, durableLength: UInt64, epoch: EpochMark, endsEpoch: Bool
    ) {
        let header = FrameHeader(
            salt: salt, sequence: sequence, epoch: epoch.number, endsEpoch: endsEpoch,
            position: epoch.position, durableLength: durableLength, rowCount: UInt32(rowCount),
            bodyLength: UInt64(bodyLength),
            metadataLength: UInt32(bytes.count - FrameHeader.byteCount - bodyLength),
            contentChecksum: contentChecksum)
        header.write(over: &bytes)
    }
}

/// What the frames of one epoch carry in common.
package struct EpochMark: Hashable, Sendable {
    package var number: UInt64
    package var position: StreamPosition

    package init(number: UInt64, position: StreamPosition) {
        self.number = number
        self.position = position
    }

    package static let none = EpochMark(number: 0, position: .none)

    /// Numbers that a file may name: the table's log has signed ones, and there are as many to follow.
    static func isPossible(epoch: UInt64, attempts: UInt64) -> Bool {
        max(epoch, attempts) < 1 << 62
    }
}
