import Spillway
import SpillwayTrace

/// Fills stores for benchmarks that need one.
enum StoreFilling {
    /// Ingests a trace until `registrations` are acknowledged, or somewhat more.
    ///
    /// - Throws: also if the trace has not as many.
    static func fill(_ engine: Engine, from path: String, registrations: Int) throws {
        try fill(engine, from: try openTrace(path), at: path, registrations: registrations)
    }

    /// Ingests the whole of a trace, scaled so that it has about as many registrations.
    static func fill(_ engine: Engine, fromAllOf path: String, registrations: Int) throws {
        let whole = try openTrace(path)
        let expected = whole.registrationsByRegion?.values.reduce(0, +) ?? whole.expectedAttempts
        let scale = Double(registrations) / Double(max(1, expected))
        try fill(engine, from: try openTrace(path, scale: scale), at: path, registrations: nil)
    }

    /// - Parameter registrations: Nil for all that there are.
    private static func fill(
        _ engine: Engine, from trace: any Trace, at path: String, registrations: Int?
    ) throws {
        let threads = Process.processorCount
        let accepted = Monitor(0)
        try concurrentPerform(trace.sliceCount, threads: threads) { index in
            guard accepted.withLock({ $0 < registrations ?? .max }) else { return }
            var slice = TraceSlice()
            try trace.readSlice(index, into: &slice)
            let count = try engine.submit(slice.batch).wait().counts.accepted
            accepted.withLock { $0 += count }
        }
        let total = accepted.withLock { $0 }
        guard total >= registrations ?? 0 else {
            throw BenchmarkError.badInput(
                path: path, problem: "the trace has \(total) registrations only: ask for no more")
        }
    }

    /// What so many registrations take on disk, at most.
    static func diskBytes(registrations: Int) -> Int { registrations * 20 + 64 << 20 }
}
