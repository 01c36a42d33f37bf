import CSpillwayKernels
import SpillwayPlatform

/// The identities that one thread took in a pass of a census, in buckets: each a chain of chunks of memory, so that none
/// has to be moved when it grows. In huge pages, as the system's finding 160 MB for 20 million identities in small ones
/// takes longer than filling them.
final class IdentityBuckets: @unchecked Sendable {
    // Unchecked: filled by one thread at a time, handed on under the lock of the idle ones; then only read.
    private(set) var chains: [spillway_chain]
    /// In each of them.
    private var chunkCounts: [Int]
    private var slabs: [Slab] = []
    /// Of the slab that chunks are taken from.
    private var slab = 0
    private var usedBytes = 0
    private let firstSlabBytes: Int

    private static let chunkBytes = Int(SPILLWAY_CHUNK_BYTES)
    private static let largestSlabBytes = 32 << 20

    private final class Slab {
        let memory: MappedMemory

        init(byteCount: Int) {
            guard let memory = MappedMemory(byteCount: byteCount) else {
                preconditionFailure("the system has no \(byteCount) bytes of memory left")
            }
            self.memory = memory
        }
    }

    /// - Parameter expectedCount: Identities of a pass, about.
    init(bucketCount: Int, expectedCount: Int) {
        chains = Array(repeating: 0, count: bucketCount)
        chunkCounts = Array(repeating: 0, count: bucketCount)
        let values = min(expectedCount, Self.largestSlabBytes) * MemoryLayout<UInt64>.size
        firstSlabBytes = min(bucketCount * Self.chunkBytes + values, Self.largestSlabBytes)
    }

    /// Takes those of `identities` that a part of the division is meant to have.
    func append(_ identities: UnsafeBufferPointer<UInt64>, _ division: spillway_division) {
        precondition(division.part_count == chains.count)
        guard var next = identities.baseAddress else { return }
        let end = next + identities.count
        var full = 0
        while true {
            next += withUnsafePointer(to: division) {
                spillway_scatter_u64(next, end - next, $0, &chains, &full)
            }
            if next == end { return }
            spillway_extend_chain(&chains[full], chunk())
            chunkCounts[full] += 1
        }
    }

    /// How many identities a bucket has: its chunks but the last are full, and each has a word of its own.
    func count(inBucket index: Int) -> Int {
        let freeBytes = -Int(bitPattern: chains[index]) & (Self.chunkBytes - 1)
        let wordBytes = MemoryLayout<UInt64>.size
        return chunkCounts[index] * (Self.chunkBytes / wordBytes - 1) - freeBytes / wordBytes
    }

    /// Empties the buckets; keeps their memory.
    func removeAll() {
        for index in chains.indices { (chains[index], chunkCounts[index]) = (0, 0) }
        (slab, usedBytes) = (0, 0)
    }

    /// Memory that is in no chain.
    private func chunk() -> UnsafeMutableRawPointer {
        if slab < slabs.count, usedBytes + Self.chunkBytes > slabs[slab].memory.byteCount {
            (slab, usedBytes) = (slab + 1, 0)
        }
        if slab == slabs.count {
            // As much as there is, lest what was expected be far from what comes.
            let held = slabs.reduce(0) { $0 + $1.memory.byteCount }
            slabs.append(Slab(byteCount: min(max(firstSlabBytes, held), Self.largestSlabBytes)))
        }
        defer { usedBytes += Self.chunkBytes }
        return slabs[slab].memory.base + usedBytes
    }
}
