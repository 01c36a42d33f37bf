import SpillwayPlatform
import SpillwayStore

/// Makes the files of journals ahead and deletes those that nothing depends on any more, on a thread of its own: taking a
/// file's blocks and giving them back can take longer than a sync, and answers would wait for it.
final class JournalKeeper: Sendable {
    private struct State {
        /// Of journals to be deleted; the one that is being deleted is among them.
        var paths: [String] = []
        var isReserveDue = false
        /// It is due, being made, or ready.
        var wasReserveAsked = false
        var reserve: JournalReserve?
        /// Somebody waits for all to be deleted.
        var isAwaited = false
        var isClosed = false
        var failure: StoreError?
    }
    private enum Task {
        case reserve
        case delete(String)
    }
    private let state = Monitor(State())
    private let layout: StoreLayout
    private let system: any System
    private let reserveBytes: Int
    private let onFailedSync: @Sendable (StoreError) -> Void

    /// Between two pieces of a file that is made ahead, and two files that are deleted, so that syncs of others find the
    /// device free.
    private static let pauseUs: Int64 = 3_000

    /// - Parameter onFailedSync: Told of a failed sync, which is final for the whole process.
    init(
        reserveBytes: Int, layout: StoreLayout, system: any System,
        onFailedSync: @escaping @Sendable (StoreError) -> Void
    ) {
        self.reserveBytes = reserveBytes
        self.layout = layout
        self.system = system
        self.onFailedSync = onFailedSync
    }

    // MARK: Appender

    /// A journal will be needed before long. Where no file can be made for it, the one before it goes on.
    func prepareReserve() {
        let isNews = state.withLock { state in
            guard !state.wasReserveAsked else { return false }
            state.wasReserveAsked = true
            state.isReserveDue = true
            return true
        }
        if isNews { state.notify() }
    }

    var hasReserve: Bool { state.withLock { $0.reserve != nil } }

    /// The file for a journal that begins now, if one is ready.
    func takeReserve() -> JournalReserve? {
        state.withLock { state in
            guard let reserve = state.reserve else { return nil }
            state.reserve = nil
            state.wasReserveAsked = false
            return reserve
        }
    }

    func sweep(_ paths: [String]) {
        state.withLock(notify: true) { $0.paths += paths }
    }

    /// Waits until all are gone.
    ///
    /// - Throws: why some are not; they are tried again.
    func finish() throws(StoreError) {
        state.withLock(notify: true) { $0.isAwaited = true }
        let failure = state.wait(until: { $0.paths.isEmpty || $0.failure != nil }, notify: true) { state in
            defer { (state.failure, state.isAwaited) = (nil, false) }
            return state.failure
        }
        if let failure { throw failure }
    }

    /// No file is made or deleted from now on but the one that is being deleted.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
    }

    // MARK: Thread

    /// Works until closed. What cannot be deleted waits for ``finish()`` to ask for it: nothing is lost meanwhile.
    func run() {
        while let task = next() {
            switch task {
            case .reserve: makeReserve()
            case .delete(let path): delete(path)
            }
        }
        try? takeReserve()?.remove()
    }

    private func next() -> Task? {
        state.wait(
            until: { $0.isClosed || $0.isReserveDue || !$0.paths.isEmpty && $0.failure == nil }
        ) { state in
            if state.isClosed { return nil }
            if state.isReserveDue {
                state.isReserveDue = false
                return .reserve
            }
            return state.paths.first.map { .delete($0) }
        }
    }

    private func delete(_ path: String) {
        do throws(StoreError) {
            try system.removeIfPresent(path)
            state.withLock(notify: true) { _ = $0.paths.removeFirst() }
            state.wait(until: { $0.isAwaited || $0.isClosed }, timeoutUs: Self.pauseUs)
        } catch {
            state.withLock(notify: true) { $0.failure = error }
        }
    }

    private func makeReserve() {
        let reserve = makeFile()
        state.withLock { state in
            state.reserve = reserve
            state.wasReserveAsked = reserve != nil
        }
    }

    /// Nil if that fails, or is not needed any more.
    private func makeFile() -> JournalReserve? {
        guard var reserve = try? JournalReserve(byteCount: reserveBytes, layout: layout, system: system) else {
            return nil
        }
        do throws(StoreError) {
            while try !reserve.fill() {
                guard !state.wait(until: { $0.isClosed }, timeoutUs: Self.pauseUs) else {
                    try reserve.remove()
                    return nil
                }
            }
            return reserve
        } catch {
            if error.isFailedSync { onFailedSync(error) } else { try? reserve.remove() }
            return nil
        }
    }
}
