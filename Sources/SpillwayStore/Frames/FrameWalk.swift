import SpillwayPlatform

/// The frames of a file, those behind damage among them: what ``FrameScan`` refuses to read past.
struct FrameWalk {
    struct Place {
        /// Nil where the header is damaged: then this is a stretch of bytes without a frame.
        var header: FrameHeader?
        /// Of the header.
        var offset: UInt64
        var end: UInt64
        /// Whether header and content match their checksums. Contents are only looked at in a file of which the end
        /// may be torn.
        var isSound: Bool

        var contentOffset: UInt64 { offset + UInt64(FrameHeader.byteCount) }
    }

    /// Frames and stretches without one, without gaps between them: what was acknowledged, as far as can be told.
    private(set) var places: [Place] = []
    /// What follows was never acknowledged, or is no part of the frames.
    private(set) var end: UInt64

    /// Reads the frames between two places of a file.
    ///
    /// - Parameter mayBeTorn: that a crash may have left the end of the file in pieces. If not, every byte counts.
    init(_ file: any File, salt: UInt64, from start: UInt64, to end: UInt64, mayBeTorn: Bool) throws {
        self.end = start
        var cursor = FrameCursor(file: file, salt: salt, size: end)
        var offset = start
        while offset < end {
            let place = try Self.place(at: offset, end: end, checksContent: mayBeTorn, &cursor)
            places.append(place)
            offset = place.end
        }
        if mayBeTorn { cutTail() }
        self.end = places.last?.end ?? start
    }

    private static func place(
        at offset: UInt64, end: UInt64, checksContent: Bool, _ cursor: inout FrameCursor
    ) throws -> Place {
        if let header = try cursor.header(at: offset), header.bodyLength <= end, header.contentLength <= end,
            offset + UInt64(FrameHeader.byteCount) <= end - header.contentLength
        {
            let next = offset + UInt64(FrameHeader.byteCount) + header.contentLength
            let isSound = try !checksContent || cursor.contentIsSound(header, at: offset)
            return Place(header: header, offset: offset, end: next, isSound: isSound)
        }
        let next = try cursor.nextHeader(from: offset + 1)?.offset ?? end
        return Place(header: nil, offset: offset, end: next, isSound: false)
    }

    /// Drops what was not yet durable when any of the frames was written, from the first that is not whole.
    private mutating func cutTail() {
        let durable = places.reduce(0) { max($0, $1.header?.durableLength ?? 0) }
        var kept = 0
        var last: FrameHeader?
        for (index, place) in places.enumerated() {
            let isAcknowledged = place.offset < durable
            guard isAcknowledged || place.isSound else { break }
            if let header = place.header {
                if !isAcknowledged, let last, !header.follows(last) { break }
                last = header
            }
            if isAcknowledged || place.header?.endsEpoch == true { kept = index + 1 }
        }
        places.removeLast(places.count - kept)
    }
}

extension FrameHeader {
    /// Whether the frame was written straight after `previous`.
    func follows(_ previous: FrameHeader) -> Bool {
        sequence == previous.sequence &+ 1
            && (previous.endsEpoch ? epoch > previous.epoch : epoch == previous.epoch)
    }
}
