import SpillwayModel
import SpillwayPlatform

/// Where small epochs are kept until enough rows have gathered for a good row group. One file of frames; it goes
/// as soon as a segment holds its rows. Used by one thread at a time.
final class Journal {
    private let frames: FrameFile
    let path: String

    /// Creates the file; it is durable under its name when this returns.
    init(layout: StoreLayout, system: any System) throws(SystemError) {
        let salt = system.randomWord()
        path = layout.journal(salt: salt)
        frames = FrameFile(file: try system.open(path, .create), salt: salt, length: 0)
        do {
            try system.syncDirectory(layout.journal)
        } catch {
            try? system.remove(path)
            throw error
        }
    }

    /// Begins in a file that was made ahead.
    init(_ reserve: JournalReserve) {
        path = reserve.path
        frames = FrameFile(file: reserve.file, salt: reserve.salt, length: 0)
    }

    var byteCount: UInt64 { frames.length }

    func append(_ frame: FrameBuffer, epoch: EpochMark) throws(SystemError) {
        _ = try frames.append(frame, epoch: epoch, endsEpoch: true)
    }

    func sync() throws(SystemError) { try frames.sync() }
}
