internal import SpillwayModel
internal import SpillwayPlatform

/// What sources hold within windows of time, kept for the slices of a window, which need the same sources. Shared by
/// the threads that read a trace; what one of them reads the others wait for.
///
/// Windows that were not used for the longest time go first, and one that would not fit alone is kept in part.
final class WindowCache: Sendable {
    private struct Place: Hashable {
        var window: Int
        var source: Int
    }

    private struct Window {
        var parts: [Int: TraceSlice] = [:]
        var byteCount = 0
        var lastUse = 0
    }

    private struct State {
        var windows: [Int: Window] = [:]
        var byteCount = 0
        var uses = 0
        /// What some thread is reading.
        var loading: Set<Place> = []
    }

    private let state = Monitor(State())
    private let limitBytes: Int

    /// Of a part beside its rows.
    private static let partBytes = 1 << 10

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Hands to `body` what each of `sources` holds within a window, in any order; `load` reads it where it is not
    /// kept.
    func forEachPart(
        of sources: [Int], in window: Int, load: (_ source: Int) throws(TraceError) -> TraceSlice,
        _ body: (_ source: Int, TraceSlice) -> Void
    ) throws(TraceError) {
        // Whoever waits loads nothing meanwhile, so nobody waits for themselves.
        var loadedByOthers: [Int] = []
        for source in sources {
            let place = Place(window: window, source: source)
            if let part = try part(at: place, load, waiting: false) {
                body(source, part)
            } else {
                loadedByOthers.append(source)
            }
        }
        for source in loadedByOthers {
            let place = Place(window: window, source: source)
            if let part = try part(at: place, load, waiting: true) { body(source, part) }
        }
    }

    private enum Claim {
        case kept(TraceSlice)
        /// The caller is the one to load it.
        case absent
        case loadedByOther
    }

    /// Nil if another thread is loading it and the caller does not wait.
    private func part(
        at place: Place, _ load: (_ source: Int) throws(TraceError) -> TraceSlice, waiting: Bool
    ) throws(TraceError) -> TraceSlice? {
        switch claim(place, waiting: waiting) {
        case .kept(let part): return part
        case .loadedByOther: return nil
        case .absent:
            let part: TraceSlice
            do {
                part = try load(place.source)
            } catch {
                // Whoever waits for it finds out for themselves.
                state.withLock(notify: true) { _ = $0.loading.remove(place) }
                throw error
            }
            keep(part, at: place)
            return part
        }
    }

    private func claim(_ place: Place, waiting: Bool) -> Claim {
        state.wait(until: { !waiting || !$0.loading.contains(place) }) { state in
            state.uses += 1
            state.windows[place.window]?.lastUse = state.uses
            if let part = state.windows[place.window]?.parts[place.source] { return .kept(part) }
            return state.loading.insert(place).inserted ? .absent : .loadedByOther
        }
    }

    private func keep(_ part: TraceSlice, at place: Place) {
        state.withLock(notify: true) { state in
            state.loading.remove(place)
            insert(part, at: place, in: &state)
        }
    }

    private func insert(_ part: TraceSlice, at place: Place, in state: inout State) {
        let byteCount = part.byteCount + Self.partBytes
        while state.byteCount + byteCount > limitBytes {
            let others = state.windows.filter { $0.key != place.window }
            guard let oldest = others.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
            state.windows[oldest.key] = nil
            state.byteCount -= oldest.value.byteCount
        }
        state.uses += 1
        state.windows[place.window, default: Window()].parts[place.source] = part
        state.windows[place.window]?.byteCount += byteCount
        state.windows[place.window]?.lastUse = state.uses
        state.byteCount += byteCount
    }
}
