import SpillwayStore

/// What encoders work in and hand over, kept for reuse.
struct EncoderMemory {
    private let pageRows: Int
    /// Those that no encoder has taken.
    private var builders: [RowGroupBuilder] = []
    /// Those that hold nothing that is still to be written.
    private var frames: [FrameBuffer] = []

    init(pageRows: Int) { self.pageRows = pageRows }

    /// Takes memory for row groups of `rowCount` rows now, not as they come.
    init(pageRows: Int, encoderCount: Int, rowCount: Int) {
        self.pageRows = pageRows
        builders = (0..<encoderCount).map { _ in makeBuilder(populatedFor: rowCount) }
        // One that each encoder fills, and as many again that wait to be written.
        frames = (0..<2 * encoderCount).map { _ in FrameBuffer(populatedFor: rowCount) }
    }

    mutating func takeBuilder() -> RowGroupBuilder { builders.popLast() ?? makeBuilder() }
    mutating func takeFrame() -> FrameBuffer { frames.popLast() ?? FrameBuffer() }
    mutating func giveBack(_ frame: FrameBuffer) { frames.append(frame) }

    /// One that is not among those whose memory is there already.
    func makeBuilder(populatedFor rowCount: Int = 0) -> RowGroupBuilder {
        RowGroupBuilder(populatedFor: rowCount, pageRows: pageRows, stringPageRows: pageRows)
    }
}
