import Spillway
import SpillwayPlatform

/// Asks an engine for the registrations by region and minute, a new snapshot each time, while others ingest into it.
final class QueryLoop: Sendable {
    struct Figures {
        /// Of each query, snapshot included.
        var milliseconds: [Double] = []
    }

    private let perSecond: Int
    private let isStopped = Monitor(false)
    private let asked = Monitor<Result<Figures, any Error>>(.success(Figures()))

    /// - Parameter perSecond: At most so many; as often as it goes, if each takes longer.
    init(perSecond: Int) { self.perSecond = perSecond }

    /// Runs until `body` has ended; returns what that does, and how the queries went.
    func running<Value>(on engine: Engine, _ body: () throws -> Value) throws -> (Value, Figures) {
        if perSecond == 0 { return (try body(), Figures()) }
        let thread = WorkerThread { [self] in
            let result = Result { try ask(engine) }
            asked.withLock { $0 = result }
        }
        let value = Result { try body() }
        isStopped.withLock(notify: true) { $0 = true }
        thread.join()
        return try (value.get(), asked.withLock { $0 }.get())
    }

    private func ask(_ engine: Engine) throws -> Figures {
        var query = Query()
        query.groupBy = [.region]
        query.every = .minutes(1)
        var figures = Figures()
        let interval = 1 / Double(perSecond)
        while !isStopped.withLock({ $0 }) {
            let seconds = try Stopwatch.seconds { _ = try engine.snapshot(threads: 1).run(query) }
            figures.milliseconds.append(seconds * 1000)
            if seconds < interval {
                isStopped.wait(until: { $0 }, timeoutUs: Int64((interval - seconds) * 1e6))
            }
        }
        return figures
    }
}
