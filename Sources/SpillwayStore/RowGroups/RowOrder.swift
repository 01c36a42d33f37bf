import SpillwayModel
import SpillwayPlatform

/// The order in which a row group's rows take the fewest bytes.
///
/// Sorting n rows by one column saves about log2(n) − 1.4 bits a row in that column, whichever it is, and as much
/// in every column that follows from it:
/// - telephone numbers begin with the country, so rows in order of number have country and region in runs, and
///   the numbers' small gaps in place of 43 random bits;
/// - identities spread over all 64 bits hardly shrink by sorting, so those rows go by country, then time.
///
/// The order is that of the highest 33 bits of a 40-bit key: rows that agree in those stay as they arrived, which
/// costs less than another pass over them would.
package struct RowOrder: ~Copyable {
    /// One row: its key, its block, its place in the block.
    struct Entry {
        fileprivate static let rowBits: UInt64 = 14
        fileprivate static let blockBits: UInt64 = 10
        fileprivate let bits: UInt64

        @inline(__always) var row: Int { Int(truncatingIfNeeded: bits & (1 << Self.rowBits - 1)) }
        @inline(__always) var block: Int {
            Int(truncatingIfNeeded: bits >> Self.rowBits & (1 << Self.blockBits - 1))
        }
    }

    static let maximumBlockCount = 1 << Int(Entry.blockBits)

    /// The largest value of 15 digits, as many as an E.164 number can have.
    private static let maximumTelephoneNumber: UInt64 = 999_999_999_999_999
    private static let keyBits = 40
    private static let countryBits = 8
    private static let keyShift = Entry.rowBits + Entry.blockBits
    private static let digitBits: UInt64 = 11
    private static let passCount = 3
    private static let bucketCount = 1 << Int(digitBits)

    /// Room for every entry twice: each pass reads one half and writes the other.
    private var scratch = ScratchMemory()
    private(set) var entries = UnsafeBufferPointer<Entry>(start: nil, count: 0)
    private var bucketStarts = [UInt32](repeating: 0, count: passCount * bucketCount)

    package init() {
        assert(RowBlock.capacity == 1 << Int(Entry.rowBits))
    }

    package mutating func sort(_ blocks: [RowBlock]) {
        precondition(blocks.count <= Self.maximumBlockCount)
        let count = blocks.reduce(0) { $0 + $1.count }
        let base = scratch.room(byteCount: 2 * count * MemoryLayout<UInt64>.size)
            .bindMemory(to: UInt64.self, capacity: 2 * count)
        let first = UnsafeMutableBufferPointer(start: base, count: count)
        let second = UnsafeMutableBufferPointer(start: base + count, count: count)
        for index in bucketStarts.indices { bucketStarts[index] = 0 }
        fill(first, from: blocks)
        for pass in 0..<Self.passCount {
            scatter(pass: pass, from: pass % 2 == 0 ? first : second, to: pass % 2 == 0 ? second : first)
        }
        let sorted = Self.passCount % 2 == 0 ? first : second
        entries = UnsafeRawBufferPointer(sorted).assumingMemoryBound(to: Entry.self)
    }

    /// Writes one entry a row, and counts each pass's digits.
    private mutating func fill(_ entries: UnsafeMutableBufferPointer<UInt64>, from blocks: [RowBlock]) {
        let ranges = Ranges(of: blocks)
        let areTelephoneNumbers = ranges.maximumIdentity <= Self.maximumTelephoneNumber
        let scale =
            areTelephoneNumbers
            ? Scale(range: ranges.maximumIdentity &- ranges.minimumIdentity, bits: Self.keyBits)
            : Scale(
                range: UInt64(bitPattern: ranges.maximumTime &- ranges.minimumTime),
                bits: Self.keyBits - Self.countryBits)
        var next = 0
        for (number, block) in blocks.enumerated() {
            let place = UInt64(number) << Entry.rowBits
            for row in 0..<block.count {
                let key: UInt64
                if areTelephoneNumbers {
                    key = scale(block.identity[row] &- ranges.minimumIdentity)
                } else {
                    let country = PackedAttributes(rawValue: block.attributes[row]).country.index
                    let time = scale(UInt64(bitPattern: block.registeredAt[row] &- ranges.minimumTime))
                    key = UInt64(country) << UInt64(Self.keyBits - Self.countryBits) | time
                }
                let entry = key << Self.keyShift | place | UInt64(row)
                entries[next] = entry
                next += 1
                for pass in 0..<Self.passCount { bucketStarts[Self.bucket(entry, pass)] += 1 }
            }
        }
        for pass in 0..<Self.passCount {
            var start: UInt32 = 0
            for bucket in pass * Self.bucketCount..<(pass + 1) * Self.bucketCount {
                let size = bucketStarts[bucket]
                bucketStarts[bucket] = start
                start += size
            }
        }
    }

    private mutating func scatter(
        pass: Int, from source: UnsafeMutableBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>
    ) {
        bucketStarts.withUnsafeMutableBufferPointer { starts in
            for entry in source {
                let bucket = Self.bucket(entry, pass)
                target[Int(starts[bucket])] = entry
                starts[bucket] += 1
            }
        }
    }

    /// Index into `bucketStarts`; the last pass goes by the key's highest digit.
    @inline(__always)
    private static func bucket(_ entry: UInt64, _ pass: Int) -> Int {
        let shift = 64 - digitBits * UInt64(passCount - pass)
        return pass * bucketCount + Int(truncatingIfNeeded: entry >> shift & UInt64(bucketCount - 1))
    }
}

/// Brings values of 0 … `range` to the full width of a number of bits, so that none of a key's bits are idle.
private struct Scale {
    private let up: UInt64
    private let down: UInt64

    init(range: UInt64, bits: Int) {
        let width = 64 - range.leadingZeroBitCount
        up = UInt64(max(0, bits - width))
        down = UInt64(max(0, width - bits))
    }

    @inline(__always)
    func callAsFunction(_ value: UInt64) -> UInt64 { (value &<< up) &>> down }
}

private struct Ranges {
    var minimumIdentity = UInt64.max
    var maximumIdentity = UInt64.min
    var minimumTime = Int64.max
    var maximumTime = Int64.min

    init(of blocks: [RowBlock]) {
        for block in blocks {
            for row in 0..<block.count {
                minimumIdentity = min(minimumIdentity, block.identity[row])
                maximumIdentity = max(maximumIdentity, block.identity[row])
                minimumTime = min(minimumTime, block.registeredAt[row])
                maximumTime = max(maximumTime, block.registeredAt[row])
            }
        }
    }
}
