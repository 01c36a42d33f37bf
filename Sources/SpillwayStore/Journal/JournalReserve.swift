import SpillwayPlatform

/// The file of a journal to come, full of zeros: appending to it then changes neither its size nor which blocks it has, so
/// that a sync brings the device a record's own bytes and waits for nothing else that the file system has to write. Zeros
/// are no frame.
package struct JournalReserve: Sendable {
    let file: any File
    let salt: UInt64
    package let path: String
    private var length = 0
    private let byteCount: Int
    private let layout: StoreLayout
    private let system: any System

    /// Creates the file.
    ///
    /// - Parameter byteCount: Bytes that the journal is expected to need; it may take more.
    package init(byteCount: Int, layout: StoreLayout, system: any System) throws(StoreError) {
        self.byteCount = byteCount
        self.layout = layout
        self.system = system
        salt = system.randomWord()
        path = layout.journal(salt: salt)
        do throws(SystemError) {
            file = try system.open(path, .create)
        } catch {
            throw .system(error)
        }
    }

    /// Brings some more zeros to the device; true once the file is complete, and durable under its name.
    package mutating func fill() throws(StoreError) -> Bool {
        do throws(SystemError) {
            let end = min(byteCount, length + Self.pieceBytes)
            while length < end {
                let count = min(end - length, Self.zeros.count)
                try file.write(Array(Self.zeros[..<count]), at: UInt64(length))
                length += count
            }
            try file.sync()
            guard length == byteCount else { return false }
            try system.syncDirectory(layout.journal)
            return true
        } catch {
            throw .system(error)
        }
    }

    /// Deletes the file.
    package func remove() throws(StoreError) { try system.removeIfPresent(path) }

    /// Synced at a time: no more than others' syncs can wait for.
    private static let pieceBytes = 512 << 10
    /// Written at a time: so little that it stays in the page cache, where an append that ends within a page finds it.
    private static let zeros = [UInt8](repeating: 0, count: 128 << 10)
}
