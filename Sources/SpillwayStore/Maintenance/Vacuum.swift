import SpillwayPlatform

/// Deletes files of a store that nothing needs any more.
package struct Vacuum: Sendable {
    package enum Reason: String, Sendable {
        /// A segment that was taken out of the table, by compaction say, longer ago than the retention time.
        case replaced
        /// What a crash left of something that was being written.
        case leftover
    }

    package struct Item: Hashable, Sendable {
        package var path: String
        package var byteCount: UInt64
        package var reason: Reason
    }

    /// As Delta Lake's: 7 days, in milliseconds.
    package static let defaultRetentionMs: Int64 = 7 * 86_400_000

    private let layout: StoreLayout
    private let system: any System
    private let retentionMs: Int64

    /// - Parameter retentionMs: how long a file stays after it was taken out of the table, for those who still read
    ///   an earlier version of it.
    package init(storeAt path: String, retentionMs: Int64 = defaultRetentionMs, system: any System) {
        precondition(retentionMs >= 0)
        layout = StoreLayout(root: path)
        self.system = system
        self.retentionMs = retentionMs
    }

    /// Deletes what is not needed, or only lists it; returns it in order of path. Others may write and query the
    /// store meanwhile.
    package func run(isDryRun: Bool = false) throws(StoreError) -> [Item] {
        try asStoreError(layout.root) {
            let maintenance = try Maintenance(layout, system)
            var writerLock: LockFile?
            var items = try dataFiles(maintenance)
            if case .taken(let lock) = try LockFile.take(layout.lock, system) {
                // Nobody writes: what looks temporary is nobody's.
                writerLock = lock
                items += try temporaryFiles().map { try item($0, .leftover) }
            }
            items.sort { $0.path < $1.path }
            if !isDryRun { try maintenance.remove(items.map(\.path)) }
            withExtendedLifetime(writerLock) {}
            return items
        }
    }

    private func dataFiles(_ maintenance: Maintenance) throws -> [Item] {
        let strays = try maintenance.strays()
        let (endMs, underflow) = system.wallMs().subtractingReportingOverflow(retentionMs)
        let latestMs = underflow ? .min : endMs
        let forgotten = try strays.forgotten.filter { try system.status($0).modifiedAtMs <= latestMs }
        return try strays.leftovers.map { try item($0, .leftover) }
            + strays.removed.filter { $0.atMs <= latestMs }.map { try item($0.path, .replaced) }
            + forgotten.map { try item($0, .replaced) }
    }

    private func temporaryFiles() throws -> [String] {
        let commits = try system.list(layout.log).filter(DeltaLog.isTemporary).map { "\(layout.log)/\($0)" }
        let others = try [layout.metadata, layout.erasure].map { $0 + ".tmp" }
            .filter { try system.exists($0) }
        return commits + others
    }

    private func item(_ path: String, _ reason: Reason) throws -> Item {
        Item(path: path, byteCount: try system.status(path).size, reason: reason)
    }
}
