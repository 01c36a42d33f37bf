internal import SpillwayInterchange
internal import SpillwayPlatform

/// The text of a CSV file, which is read from anywhere, by any thread: as it is in the file, or decompressed if the
/// file is gzip, whatever its name.
enum CSVRecordingSource: Sendable {
    case plain(any File)
    case gzip(GzipFile)

    init(_ file: any File) throws(TraceError) {
        do throws(SystemError) {
            let magic = GzipFile.magic
            self = try file.readBytes(count: magic.count, at: 0) == magic ? .gzip(GzipFile(file)) : .plain(file)
        } catch {
            throw .system(error)
        }
    }

    /// Fills the buffer from `offset` of the text; returns how many bytes there were, fewer only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(TraceError) -> Int {
        switch self {
        case .plain(let file):
            do throws(SystemError) { return try file.read(into: buffer, at: offset) } catch { throw .system(error) }
        case .gzip(let file):
            do throws(GzipError) { return try file.read(into: buffer, at: offset) } catch { throw TraceError(error) }
        }
    }

    /// Replaces `bytes` by `count` bytes of the text from `offset`, fewer only at the end.
    func read(_ count: Int, at offset: UInt64, into bytes: inout [UInt8]) throws(TraceError) {
        if bytes.isEmpty { bytes = [UInt8](repeating: 0, count: count + CSVRecordingCursor.padding) }
        bytes.resize(to: count, filler: 0)
        var failure: TraceError?
        let found = bytes.withUnsafeMutableBytes { room -> Int in
            do throws(TraceError) {
                return try read(into: room, at: offset)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        bytes.resize(to: found, filler: 0)
    }
}

extension [UInt8] {
    /// Appends what ``CSVRecordingCursor`` wants behind a text.
    mutating func appendCSVPadding() {
        resize(to: count + CSVRecordingCursor.padding, filler: .lineFeed)
    }

    mutating func removeCSVPadding() {
        removeLast(CSVRecordingCursor.padding)
    }
}

extension TraceError {
    fileprivate init(_ error: GzipError) {
        switch error {
        case .unreadable(let error): self = .system(error)
        case .damaged(let file, let offset, let problem):
            self = .recording(
                RecordingError(file: file, row: nil, column: nil, problem: "at byte \(offset): \(problem)"))
        }
    }
}
