package import SpillwayPlatform

/// A gzip file whose decompressed bytes are read from anywhere, by any number of threads.
///
/// Reading it once from the beginning to the end checks it, and leaves points from which later reads start. It holds at
/// most ``maximumPoints`` windows of 32 KiB, and ``maximumIdle`` decoders of about 110 KiB beside those in use.
package final class GzipFile: Sendable {
    private struct State {
        var points: GzipPoints
        /// Not in use: each stands where some read ended, where the next one may begin.
        var idle: [GzipDecoder] = []
    }
    private let file: any File
    private let state: Monitor<State>

    /// 32 MiB of windows.
    package static let maximumPoints = 1024
    private static let maximumIdle = 8
    /// RFC 1952, section 2.3.1: ID1, ID2 and the only method there is.
    package static let magic: [UInt8] = [0x1f, 0x8b, 8]

    /// - Parameter spacing: Decompressed bytes between two points; doubles whenever there are too many.
    package init(_ file: any File, spacing: UInt64 = 1 << 20, maximumPoints: Int = GzipFile.maximumPoints) {
        self.file = file
        state = Monitor(State(points: GzipPoints(maximumCount: maximumPoints, spacing: spacing)))
    }

    /// Fills the buffer with the decompressed bytes from `position`; returns how many there were, fewer only at the end.
    ///
    /// - Complexity: O(buffer.count + distance to the point before `position`, or to where another read ended)
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, at position: UInt64
    ) throws(GzipError) -> Int {
        let decoder = try decoder(before: position)
        var nextPoint = state.withLock { $0.points.next }
        var filled = 0
        while filled < buffer.count {
            // What lies before `position` is decoded into the buffer too, and overwritten.
            let isBefore = decoder.position < position
            let room = isBefore ? UInt64(buffer.count) : UInt64(buffer.count - filled)
            let wanted = isBefore ? min(room, position - decoder.position) : room
            let count = try decoder.decode(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + Int(wanted)]))
            if count == 0 { break }
            if !isBefore { filled += count }
            if decoder.position >= nextPoint, let point = decoder.point() {
                nextPoint = state.withLock { state in
                    state.points.append(point)
                    return state.points.next
                }
            }
        }
        putBack(decoder)
        return filled
    }

    /// The one that has the least to pass over.
    private func decoder(before position: UInt64) throws(GzipError) -> GzipDecoder {
        let (idle, point) = state.withLock { state -> (GzipDecoder?, GzipPoint?) in
            let point = state.points.last(before: position)
            let best = state.idle.indices.filter { state.idle[$0].position <= position }
                .max { state.idle[$0].position < state.idle[$1].position }
            guard let best, state.idle[best].position >= point?.position ?? 0 else { return (nil, point) }
            return (state.idle.remove(at: best), nil)
        }
        if let idle { return idle }
        return try GzipDecoder(file, at: point)
    }

    private func putBack(_ decoder: GzipDecoder) {
        state.withLock { state in
            if state.idle.count == Self.maximumIdle { state.idle.removeFirst() }
            state.idle.append(decoder)
        }
    }
}
