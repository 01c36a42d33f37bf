import Foundation
import SpillwayPlatform

/// The name of a directory that is yet to be made, and that goes again: with ``remove()``, or when somebody interrupts the
/// program.
final class ScratchDirectory: Sendable {
    let path: String

    /// - Parameter bytes: How many it is to hold, if that is much.
    /// - Throws: if the parent is no directory that can be written to, or its disk has not as much room.
    init(in parent: String, bytes: Int = 0) throws {
        try Self.check(parent)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: parent)
        if let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue, free < bytes {
            throw BenchmarkError.noRoom(path: parent, freeBytes: free, neededBytes: bytes)
        }
        path = URL(filePath: parent).appending(path: "spillway-bench-\(UUID().uuidString)").path
        Interruption.remove(path)
    }

    /// Whether directories can be made there.
    static func check(_ parent: String) throws(BenchmarkError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: parent, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw .noDirectory(path: parent)
        }
        guard FileManager.default.isWritableFile(atPath: parent) else { throw .unwritable(path: parent) }
    }

    /// Everything in it too. Nothing happens if it was never made.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        Interruption.keep(path)
    }
}

/// Takes care that an interrupted program leaves nothing behind.
private enum Interruption {
    private struct State {
        var paths: Set<String> = []
        var sources: [any DispatchSourceSignal] = []
    }
    private static let state = Monitor(State())

    static func remove(_ path: String) {
        state.withLock { state in
            state.paths.insert(path)
            guard state.sources.isEmpty else { return }
            for number in [SIGINT, SIGTERM] {
                // Otherwise the signal ends the program before the source hears of it.
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { removeAll(andExitWith: 128 + number) }
                source.resume()
                state.sources.append(source)
            }
        }
    }

    static func keep(_ path: String) { state.withLock { _ = $0.paths.remove(path) } }

    private static func removeAll(andExitWith status: Int32) -> Never {
        // Under the lock until the end, so that no other begins meanwhile.
        state.withLock { state in
            for path in state.paths { removeWhileInUse(path) }
            exit(status)
        }
    }

    /// An engine may be making files there at this moment: under another name it finds its directory no more.
    private static func removeWhileInUse(_ path: String) {
        let aside = path + ".removed"
        for _ in 0..<100 {
            rename(path, aside)
            try? FileManager.default.removeItem(atPath: aside)
            if ![path, aside].contains(where: FileManager.default.fileExists) { return }
        }
    }
}
