import Spillway
import SpillwayTrace

/// What identities look like.
enum IdentityKind: String, CaseIterable, Codable, Sendable {
    /// Telephone numbers, as the trace has them.
    case e164
    /// Each replaced by 64 random bits: equal ones by equal ones.
    case random

    /// One-to-one.
    func callAsFunction(_ identity: Identity) -> Identity {
        switch self {
        case .e164: identity
        case .random: Identity(rawValue: SplitMix64.finalize(identity.rawValue &+ 0x9e37_79b9_7f4a_7c15))
        }
    }
}

/// A part of a trace as batches in memory, made before the clock starts.
struct PreparedTrace: Sendable {
    let batches: [RegistrationBatch]
    let attempts: Int

    /// Slices that are made at once, by as many threads as there are processors.
    private static let sliceGroup = 16

    /// Takes `limit` attempts from two thirds of the trace on, where a day's surge is, and if there are not enough, from
    /// before that too.
    init(path: String, limit: Int, batchSize: Int, identities: IdentityKind) throws {
        let trace = try openTrace(path)
        let start = limit < trace.expectedAttempts ? trace.sliceCount * 2 / 3 : 0
        var cutter = BatchCutter(batchSize: batchSize, limit: limit)
        for part in [start..<trace.sliceCount, 0..<start] {
            for first in stride(from: part.lowerBound, to: part.upperBound, by: Self.sliceGroup) where !cutter.isFull {
                let group = first..<min(first + Self.sliceGroup, part.upperBound)
                for batch in try Self.read(group, of: trace, identities) { cutter.append(batch) }
            }
        }
        batches = cutter.finish()
        attempts = batches.reduce(0) { $0 + $1.count }
        guard attempts > 0 else { throw BenchmarkError.badInput(path: path, problem: "the trace has no attempts") }
    }

    private static func read(
        _ slices: Range<Int>, of trace: any Trace, _ identities: IdentityKind
    ) throws -> [RegistrationBatch] {
        let parts = Monitor([RegistrationBatch](repeating: RegistrationBatch(), count: slices.count))
        try concurrentPerform(slices.count, threads: Process.processorCount) { index in
            var slice = TraceSlice()
            try trace.readSlice(slices.lowerBound + index, into: &slice)
            if identities != .e164 {
                for row in slice.batch.identity.indices {
                    slice.batch.identity[row] = identities(slice.batch.identity[row])
                }
            }
            let batch = slice.batch
            parts.withLock { $0[index] = batch }
        }
        return parts.withLock { $0 }
    }
}

/// Cuts attempts as they come into batches of one size.
private struct BatchCutter {
    let batchSize: Int
    private var room: Int
    private var batches: [RegistrationBatch] = []
    private var current = RegistrationBatch()

    init(batchSize: Int, limit: Int) {
        self.batchSize = batchSize
        room = limit
    }

    var isFull: Bool { room == 0 }

    mutating func append(_ attempts: RegistrationBatch) {
        var start = 0
        while start < attempts.count, !isFull {
            if current.isEmpty { current.reserveCapacity(batchSize) }
            let count = min(attempts.count - start, batchSize - current.count, room)
            current.append(contentsOf: attempts[start..<start + count])
            start += count
            room -= count
            if current.count == batchSize { close() }
        }
    }

    mutating func finish() -> [RegistrationBatch] {
        if !current.isEmpty { close() }
        return batches
    }

    private mutating func close() {
        batches.append(current)
        current = RegistrationBatch()
    }
}
