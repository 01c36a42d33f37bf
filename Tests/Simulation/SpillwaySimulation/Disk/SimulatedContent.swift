import SpillwayTestSupport

/// What a file holds: for those who read it, and on the device, which gets it in sectors of 512 bytes.
struct SimulatedContent {
    static let sectorByteCount = 512

    /// What readers see.
    private(set) var cached: [UInt8] = []
    /// What the device holds for certain, to its size as of the last sync.
    private(set) var durable: [UInt8] = []
    /// Contents that the device may have got for a sector since the last sync, in the order in which they were written.
    private var unsynced: [Int: [[UInt8]]] = [:]
    /// Sizes that the file has had since the last sync.
    private var unsyncedSizes: [Int] = []
    /// What an earlier file left in the blocks that this one was given.
    private let recycled: [UInt8]

    init(recycled: [UInt8]) { self.recycled = recycled }

    var isSynced: Bool { unsynced.isEmpty && unsyncedSizes.isEmpty }

    /// Whether a write needs blocks that the file does not have yet.
    func mustGrow(for count: Int, at offset: Int) -> Bool {
        Self.sectorCount(cached.count) < Self.sectorCount(offset + count)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard !bytes.isEmpty else { return }
        let first = min(cached.count, offset)
        if cached.count < offset + bytes.count {
            cached.append(contentsOf: repeatElement(0, count: offset + bytes.count - cached.count))
            unsyncedSizes.append(cached.count)
        }
        cached.withUnsafeMutableBytes { $0[offset..<(offset + bytes.count)].copyBytes(from: bytes) }
        record(first..<(offset + bytes.count))
    }

    mutating func truncate(to size: Int) {
        guard size != cached.count else { return }
        let first = min(size, cached.count)
        if size < cached.count {
            cached.removeLast(cached.count - size)
        } else {
            cached.append(contentsOf: repeatElement(0, count: size - cached.count))
        }
        unsyncedSizes.append(size)
        record(first..<size)
    }

    /// Takes note of the sectors that bytes in `range` changed.
    private mutating func record(_ range: Range<Int>) {
        let sectors = range.lowerBound / Self.sectorByteCount..<Self.sectorCount(range.upperBound)
        for sector in sectors { unsynced[sector, default: []].append(Self.sector(sector, of: cached)) }
    }

    mutating func sync() {
        guard !isSynced else { return }
        fitDurable(to: cached.count)
        for sector in unsynced.keys { putDurable(Self.sector(sector, of: cached), at: sector) }
        forgetUnsynced()
    }

    /// What the system does to a file whose sync fails: of each unsynced sector and of the size the device has got
    /// something or nothing, and the rest will never be written, though it counts as clean from now on. Readers go
    /// on to see it, or no longer do.
    mutating func failSync(_ random: inout SplitMix64) {
        durable = survivor(&random)
        if Bool.random(using: &random) { cached = durable }
        forgetUnsynced()
    }

    /// Leaves what the device has got when the power goes.
    mutating func losePower(_ random: inout SplitMix64) {
        if !isSynced { durable = survivor(&random) }
        cached = durable
        forgetUnsynced()
    }

    private mutating func forgetUnsynced() {
        unsynced = [:]
        unsyncedSizes = []
    }

    /// One of the contents that the device may have: any of the sizes, in each sector any of its contents. A sector
    /// that it never got reads as zeros, or as what the block held before.
    private func survivor(_ random: inout SplitMix64) -> [UInt8] {
        var copy = self
        let sizes = [durable.count] + unsyncedSizes
        let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
        let oldSectorCount = Self.sectorCount(durable.count)
        copy.fitDurable(to: size)
        let share = Self.shares[Int.random(in: 0..<Self.shares.count, using: &random)]
        let readsRecycled = Bool.random(using: &random)
        for sector in 0..<Self.sectorCount(size) {
            if let contents = unsynced[sector], Int.random(in: 0..<4, using: &random) < share {
                copy.putDurable(contents[Int.random(in: 0..<contents.count, using: &random)], at: sector)
            } else if sector >= oldSectorCount, readsRecycled, Bool.random(using: &random) {
                copy.putDurable(Self.sector(sector, of: recycled), at: sector)
            }
        }
        return copy.durable
    }

    /// Quarters of the unsynced sectors that survive: few, half, most and all of them.
    private static let shares = [0, 1, 2, 3, 4]

    private mutating func fitDurable(to size: Int) {
        if size < durable.count {
            durable.removeLast(durable.count - size)
        } else {
            durable.append(contentsOf: repeatElement(0, count: size - durable.count))
        }
    }

    /// Writes as much of a sector as lies below the durable size.
    private mutating func putDurable(_ bytes: [UInt8], at sector: Int) {
        let start = sector * Self.sectorByteCount
        let count = min(bytes.count, durable.count - start)
        guard count > 0 else { return }
        for index in 0..<count { durable[start + index] = bytes[index] }
    }

    private static func sector(_ index: Int, of bytes: [UInt8]) -> [UInt8] {
        let start = min(index * sectorByteCount, bytes.count)
        let end = min(start + sectorByteCount, bytes.count)
        return Array(bytes[start..<end]) + repeatElement(0, count: sectorByteCount - (end - start))
    }

    private static func sectorCount(_ byteCount: Int) -> Int { (byteCount + sectorByteCount - 1) / sectorByteCount }
}
