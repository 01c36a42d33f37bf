import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Turns blocks of rows into a row group in a frame. Used by one thread at a time; keeps its memory for reuse.
package final class RowGroupBuilder {
    /// Blocks that one row group can be made of; see ``RowOrder``.
    package static let maximumBlockCount = RowOrder.maximumBlockCount

    private var order = RowOrder()
    private var columns = GatheredColumns()
    private var encoder = RowGroupEncoder(schema: segmentSchema)

    package init() {}

    /// - Precondition: 1 … ``maximumBlockCount`` blocks with at least one row among them.
    /// - Complexity: O(rows)
    package func build(_ blocks: [RowBlock], into frame: FrameBuffer) {
        columns.begin(rowCount: blocks.reduce(0) { $0 + $1.count })
        order.sort(blocks) { rows, order in columns.append(rows, in: order) }
        frame.begin()
        encoder.begin(rowCount: columns.count, output: frame.bytes)
        encoder.encode(int64: columns.registeredAt, into: &frame.bytes)
        encoder.encode(int64: columns.identity, into: &frame.bytes)
        encoder.encode(codes: columns.country, names: Country.codes, into: &frame.bytes)
        encoder.encode(codes: columns.region, names: Self.regionNames, into: &frame.bytes)
        let labels = Label.names
        encoder.encode(codes: columns.platform, names: labels, into: &frame.bytes)
        encoder.encode(codes: columns.source, names: labels, into: &frame.bytes)
        encoder.encode(int32: columns.latencyUs, into: &frame.bytes)
        let metadata = encoder.finish()
        frame.endBody(rowCount: columns.count, rowGroup: metadata)
        metadata.serialize(into: &frame.bytes)
        frame.end()
    }

    /// Of the identities of the row group last built.
    func bloomFilter() -> BloomFilter { BloomFilter(columns.identity.span) }

    private static let regionNames = Region.allCases.map(\.rawValue)
}

/// A row group's columns in the order in which they are encoded, in memory that is reused.
package struct GatheredColumns: ~Copyable {
    private(set) var count = 0
    /// Rows that are there already.
    private var filled = 0
    private var scratch = ScratchMemory()
    private var base: UnsafeMutableRawPointer?

    /// For each country's index, the index of its region among all.
    private let regionCodes: [UInt16] = Country.all.map { country in
        UInt16(Region.allCases.firstIndex { $0 == country.region } ?? 0)
    }

    private static let bytesPerRow = 28

    package init() {}

    var registeredAt: UnsafeBufferPointer<Int64> { column(at: 0) }
    var identity: UnsafeBufferPointer<Int64> { column(at: 8) }
    var latencyUs: UnsafeBufferPointer<Int32> { column(at: 16) }
    var country: UnsafeBufferPointer<UInt16> { column(at: 20) }
    var region: UnsafeBufferPointer<UInt16> { column(at: 22) }
    var platform: UnsafeBufferPointer<UInt16> { column(at: 24) }
    var source: UnsafeBufferPointer<UInt16> { column(at: 26) }

    private func column<Value>(at bytesBefore: Int) -> UnsafeBufferPointer<Value> {
        UnsafeBufferPointer(room(at: bytesBefore))
    }

    /// The column that lies behind those that take `bytesBefore` bytes a row.
    private func room<Value>(at bytesBefore: Int) -> UnsafeMutableBufferPointer<Value> {
        let start = base.map { ($0 + bytesBefore * count).assumingMemoryBound(to: Value.self) }
        return UnsafeMutableBufferPointer(start: start, count: count)
    }

    package mutating func begin(rowCount: Int) {
        count = rowCount
        filled = 0
        base = scratch.room(byteCount: max(1, rowCount) * Self.bytesPerRow)
    }

    package mutating func append(_ rows: UnsafePointer<PackedRow>, in order: UnsafeBufferPointer<RowOrder.Entry>) {
        precondition(filled + order.count <= count)
        let times: UnsafeMutableBufferPointer<Int64> = room(at: 0)
        let identities: UnsafeMutableBufferPointer<Int64> = room(at: 8)
        let latencies: UnsafeMutableBufferPointer<Int32> = room(at: 16)
        let countries: UnsafeMutableBufferPointer<UInt16> = room(at: 20)
        let regions: UnsafeMutableBufferPointer<UInt16> = room(at: 22)
        let platforms: UnsafeMutableBufferPointer<UInt16> = room(at: 24)
        let sources: UnsafeMutableBufferPointer<UInt16> = room(at: 26)
        regionCodes.withUnsafeBufferPointer { regionCodes in
            for index in order.indices {
                let row = rows[order[index].row]
                let place = filled &+ index
                times[place] = row.registeredAt
                identities[place] = Int64(bitPattern: row.identity)
                latencies[place] = row.attributes.latencyUs
                let country = row.attributes.country.index
                countries[place] = UInt16(country)
                regions[place] = regionCodes[Int(country)]
                platforms[place] = row.attributes.platform.code
                sources[place] = row.attributes.source.code
            }
        }
        filled += order.count
    }
}
