import SpillwayModel
import SpillwayPlatform

extension Store {
    /// A store that is open for writing, and what was in it.
    package struct Opened {
        package var store: Store
        package var view: StoreView
    }

    /// Opens the store at `path`, or makes one in a new or empty directory, and recovers what a crash left: a torn
    /// tail is cut off, open segments are sealed, sealed ones that the log does not know yet are entered.
    ///
    /// - Throws: ``StoreError``; nothing is changed if the directory is no store or another process writes it.
    package static func open(_ path: String, system: any System) throws(StoreError) -> Opened {
        let layout = StoreLayout(root: path)
        let isNew = try asStoreError(path) { try prepareDirectory(layout, system) }
        return try asStoreError(path) {
            let lock = try takeLock(layout, system)
            if isNew {
                try createDirectories(layout, system)
                try StoreMetadata.random(system).write(layout: layout, system: system)
            }
            let metadata = try StoreMetadata.read(layout: layout, system: system)
            let log = DeltaLog(layout: layout, system: system)
            var logState = try log.load()
            if logState.version < 0 { logState = try log.create(id: metadata.id) }
            let view = try StoreView(layout: layout, system: system)
            let store = Store(
                layout: layout, metadata: metadata, system: system, log: log, logState: logState,
                lock: lock, view: view)
            try store.recover(view)
            return Opened(store: store, view: view)
        }
    }

    /// Whether there is no store yet at a path where one can be made; makes the directory itself if it is absent.
    private static func prepareDirectory(_ layout: StoreLayout, _ system: any System) throws -> Bool {
        guard try system.exists(layout.root) else {
            try system.createDirectory(layout.root)
            try createIfAbsent(layout.hidden, system)
            return true
        }
        guard try system.status(layout.root).isDirectory else {
            throw StoreError.notAStore(path: layout.root)
        }
        if try system.exists(layout.metadata) { return false }
        // What a crash leaves of a store in the making may be there, and nothing else.
        let names = try system.list(layout.root)
        guard names.allSatisfy({ ["_spillway", "_delta_log"].contains($0) }) else {
            throw StoreError.notAStore(path: layout.root)
        }
        try createIfAbsent(layout.hidden, system)
        return true
    }

    private static func takeLock(_ layout: StoreLayout, _ system: any System) throws -> any File {
        let lock = try system.open(layout.lock, .createIfAbsent)
        guard try lock.tryLock() else {
            let holder = String(decoding: try lock.readAll(), as: UTF8.self)
            throw StoreError.inUse(path: layout.root, holder: holder.isEmpty ? "another process" : holder)
        }
        try lock.truncate(to: 0)
        try lock.write(Array("process \(Process.id)".utf8), at: 0)
        return lock
    }

    private static func createDirectories(_ layout: StoreLayout, _ system: any System) throws {
        for directory in [layout.hidden, layout.open, layout.journal, layout.log] {
            try createIfAbsent(directory, system)
        }
        for directory in [layout.hidden, layout.root] { try system.syncDirectory(directory) }
        try system.syncDirectory(layout.parent)
    }

    private static func createIfAbsent(_ directory: String, _ system: any System) throws {
        do {
            try system.createDirectory(directory)
        } catch  where error.alreadyExists {}
    }

    /// Brings the files to where an orderly end would have left them. Doing it twice changes nothing more, so a
    /// crash in the middle is harmless.
    private func recover(_ view: StoreView) throws {
        for segment in view.unlogged {
            let file = try system.open(layout.sealed(segment.name), .read)
            try log.add(
                SealedSegment(
                    name: segment.name, size: try file.size(), lastEpoch: segment.lastEpoch,
                    statistics: SegmentStatistics(segment.rowGroups)), to: &logState)
        }
        for segment in view.open {
            let path = layout.open(segment.name)
            if segment.rowGroups.isEmpty {
                try system.remove(path)
                continue
            }
            let file = try system.open(path, .write)
            try file.truncate(to: segment.end)
            try SegmentFooter(rowGroups: segment.rowGroups, lastEpoch: segment.lastEpoch)
                .write(to: file, at: segment.end)
            try seal(
                SealedSegment(
                    name: segment.name, size: try file.size(), lastEpoch: segment.lastEpoch,
                    statistics: SegmentStatistics(segment.rowGroups)))
        }
    }
}
