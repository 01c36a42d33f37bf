internal import CZlib
internal import SpillwayPlatform

/// Decompresses a gzip file (RFC 1952) of one or more members forward, from its beginning or from a point.
///
/// From the beginning, zlib checks the CRC-32 and the length of every member; from a point, those of all members but
/// the one that the point is in.
final class GzipDecoder: @unchecked Sendable {
    // Unchecked: a decoder has one owner at a time, who takes it out of the file's monitor and puts it back.
    private let file: any File
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    /// Of the first byte behind those in `input`.
    private var inputEnd: UInt64
    private var state: State
    /// Of the next decompressed byte.
    private(set) var position: UInt64

    private enum State {
        /// In a member that zlib was given from its header on.
        case member
        /// In a deflate stream that zlib was given from a point on; zlib does not see the trailer behind it.
        case bareStream
        /// So many bytes of a trailer are to be passed over.
        case trailer(Int)
        case betweenMembers
    }

    private static let inputBytes = 64 << 10
    /// RFC 1952, section 2.3: CRC32 and ISIZE.
    private static let trailerBytes = 8
    // zlib's windowBits.
    private static let gzipFormat: Int32 = 15 + 16
    private static let bareFormat: Int32 = -15

    /// At `point`, or at the beginning of the file.
    init(_ file: any File, at point: GzipPoint? = nil) throws(GzipError) {
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: Self.inputBytes, alignment: 16)
        inputEnd = point?.offset ?? 0
        position = point?.position ?? 0
        state = point == nil ? .member : .bareStream
        let status = inflateInit2_(
            stream, point == nil ? Self.gzipFormat : Self.bareFormat, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw damaged(status) }
        if let point { try resume(at: point) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    private func resume(at point: GzipPoint) throws(GzipError) {
        if point.bits > 0 {
            inputEnd -= 1
            try refill()
            guard let byte = takeByte() else { throw endsTooEarly }
            inflatePrime(stream, point.bits, Int32(byte) >> (8 - point.bits))
        }
        guard !point.window.isEmpty else { return }
        let status = point.window.withUnsafeBufferPointer {
            inflateSetDictionary(stream, $0.baseAddress, uInt($0.count))
        }
        guard status == Z_OK else { throw damaged(status) }
    }

    /// Fills the beginning of `room`, up to the end of a block at most; returns how many bytes, 0 only at the end of the
    /// file.
    func decode(into room: UnsafeMutableRawBufferPointer) throws(GzipError) -> Int {
        precondition(!room.isEmpty)
        while true {
            let isAtEnd = stream.pointee.avail_in == 0 ? try !refill() : false
            switch state {
            case .member, .bareStream:
                let count = try inflate(into: room, isAtEnd: isAtEnd)
                if count > 0 { return count }
            case .trailer(let left):
                guard !isAtEnd else { throw endsTooEarly }
                _ = takeByte()
                state = left > 1 ? .trailer(left - 1) : .betweenMembers
            case .betweenMembers:
                if isAtEnd { return 0 }
                guard stream.pointee.next_in.pointee == 0x1f else {
                    throw .damaged(file: file.path, offset: offset, problem: "bytes behind the end that are not gzip")
                }
                inflateReset2(stream, Self.gzipFormat)
                state = .member
            }
        }
    }

    private func inflate(into room: UnsafeMutableRawBufferPointer, isAtEnd: Bool) throws(GzipError) -> Int {
        let capacity = uInt(clamping: room.count)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = capacity
        let status = CZlib.inflate(stream, Z_BLOCK)
        let count = Int(capacity - stream.pointee.avail_out)
        position += UInt64(count)
        switch status {
        case Z_OK: break
        case Z_BUF_ERROR: if isAtEnd { throw endsTooEarly }
        case Z_STREAM_END:
            if case .bareStream = state { state = .trailer(Self.trailerBytes) } else { state = .betweenMembers }
        default: throw damaged(status)
        }
        return count
    }

    /// Where decoding stands, if it can begin there: between two blocks, and not behind the last one.
    func point() -> GzipPoint? {
        switch state {
        case .trailer, .betweenMembers: return nil
        case .member, .bareStream: break
        }
        // As inflate's description has it: 128 behind a block or header, 64 in the last block, below that unused bits.
        let flags = stream.pointee.data_type
        guard flags & 128 != 0, flags & 64 == 0 else { return nil }
        var count: uInt = 0
        let window = [UInt8](unsafeUninitializedCapacity: GzipPoint.windowBytes) { buffer, filled in
            if inflateGetDictionary(stream, buffer.baseAddress, &count) == Z_OK { filled = Int(count) }
        }
        return GzipPoint(position: position, offset: offset, bits: flags & 7, window: window)
    }

    /// Of the next compressed byte.
    private var offset: UInt64 { inputEnd - UInt64(stream.pointee.avail_in) }

    /// False at the end of the file.
    @discardableResult
    private func refill() throws(GzipError) -> Bool {
        let count: Int
        do throws(SystemError) { count = try file.read(into: input, at: inputEnd) } catch { throw .unreadable(error) }
        inputEnd += UInt64(count)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = uInt(count)
        return count > 0
    }

    private func takeByte() -> UInt8? {
        guard stream.pointee.avail_in > 0 else { return nil }
        defer {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        return stream.pointee.next_in.pointee
    }

    private var endsTooEarly: GzipError {
        .damaged(file: file.path, offset: offset, problem: "the file ends within its gzip stream: it was cut off")
    }

    private func damaged(_ status: Int32) -> GzipError {
        if status == Z_MEM_ERROR {
            // Whoever gave it none has set errno.
            return .unreadable(SystemError(call: "inflate", path: file.path))
        }
        let message = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
        return .damaged(file: file.path, offset: offset, problem: "the gzip stream is damaged: \(message)")
    }
}
