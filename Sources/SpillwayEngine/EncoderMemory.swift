import SpillwayStore

/// What encoders work in and hand over, kept for reuse.
struct EncoderMemory {
    /// Those that no encoder has taken.
    private var builders: [RowGroupBuilder] = []
    /// Those that hold nothing that is still to be written.
    private var frames: [FrameBuffer] = []

    init() {}

    /// Takes memory for row groups of `rowCount` rows now, not as they come.
    init(encoderCount: Int, rowCount: Int) {
        builders = (0..<encoderCount).map { _ in RowGroupBuilder(populatedFor: rowCount) }
        // One that each encoder fills, and as many again that wait to be written.
        frames = (0..<2 * encoderCount).map { _ in FrameBuffer(populatedFor: rowCount) }
    }

    mutating func takeBuilder() -> RowGroupBuilder { builders.popLast() ?? RowGroupBuilder() }
    mutating func takeFrame() -> FrameBuffer { frames.popLast() ?? FrameBuffer() }
    mutating func giveBack(_ frame: FrameBuffer) { frames.append(frame) }
}
