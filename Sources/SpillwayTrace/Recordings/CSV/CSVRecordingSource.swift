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

    /// Has `bytes` keep its first `kept` bytes, followed by up to `count` bytes of the text from `offset` and the padding
    /// that ``CSVRecordingCursor`` wants; returns how many bytes of the text there were.
    func readPadded(
        _ count: Int, at offset: UInt64, into bytes: inout [UInt8], keeping kept: Int = 0
    ) throws(TraceError) -> Int {
        bytes.resize(to: kept + count + CSVRecordingCursor.padding, filler: .lineFeed)
        var failure: TraceError?
        let found = bytes.withUnsafeMutableBytes { room -> Int in
            do throws(TraceError) {
                return try read(into: UnsafeMutableRawBufferPointer(rebasing: room[kept..<kept + count]), at: offset)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        bytes.resize(to: kept + found, filler: .lineFeed)
        bytes.resize(to: kept + found + CSVRecordingCursor.padding, filler: .lineFeed)
        return found
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
