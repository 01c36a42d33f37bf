import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// A row group's columns on their way to the encoder, in memory that is reused: integers for a page and little more, so
/// that they are encoded before they leave the processor's second cache, codes and countries for the whole row group.
package struct PageColumns: ~Copyable {
    /// Rows of the row group so far.
    package private(set) var count = 0
    /// Those of them that no page has yet.
    private var waiting = 0
    private var rowCount = 0
    private var waitingCapacity = 0
    private var scratch = ScratchMemory()
    private var base: UnsafeMutableRawPointer?
    private var countries: [CodeRun] = []

    package init() {}

    /// Begins a row group. Of its rows, at most `waitingCapacity` are given between ``encodePages(with:isLast:)``.
    package mutating func begin(rowCount: Int, waitingCapacity: Int) {
        self.rowCount = rowCount
        self.waitingCapacity = waitingCapacity
        (count, waiting) = (0, 0)
        countries.removeAll(keepingCapacity: true)
        base = scratch.room(byteCount: max(1, waitingCapacity * 20 + rowCount * 4))
    }

    private var times: UnsafeMutablePointer<Int64>? { column(at: 0) }
    private var identities: UnsafeMutablePointer<Int64>? { column(at: 8 * waitingCapacity) }
    private var latencies: UnsafeMutablePointer<Int32>? { column(at: 16 * waitingCapacity) }
    private var platforms: UnsafeMutablePointer<UInt16>? { column(at: 20 * waitingCapacity) }
    private var sources: UnsafeMutablePointer<UInt16>? { column(at: 20 * waitingCapacity + 2 * rowCount) }

    private func column<Value>(at offset: Int) -> UnsafeMutablePointer<Value>? {
        base.map { ($0 + offset).assumingMemoryBound(to: Value.self) }
    }

    /// Where further rows go, in any order among themselves.
    struct Room {
        fileprivate let times, identities: UnsafeMutablePointer<Int64>
        fileprivate let latencies: UnsafeMutablePointer<Int32>
        fileprivate let platforms, sources: UnsafeMutablePointer<UInt16>

        /// - Precondition: `place` is below the count that there is room for.
        @inline(__always)
        func set(_ place: Int, _ row: PackedRow) {
            times[place] = row.registeredAt
            identities[place] = Int64(bitPattern: row.identity)
            latencies[place] = row.attributes.latencyUs
            platforms[place] = row.attributes.platform.code
            sources[place] = row.attributes.source.code
        }
    }

    func room(for extra: Int) -> Room {
        precondition(extra <= min(waitingCapacity - waiting, rowCount - count))
        guard let times, let identities, let latencies, let platforms, let sources else {
            preconditionFailure("a row group has begun")
        }
        return Room(
            times: times + waiting, identities: identities + waiting, latencies: latencies + waiting,
            platforms: platforms + count, sources: sources + count)
    }

    /// Counts in rows that were set.
    mutating func grow(by extra: Int, country: Country) {
        count += extra
        waiting += extra
        countries.append(UInt16(country.index), count: extra)
    }

    /// Encodes the integers that fill pages; if no rows follow, all that wait.
    mutating func encodePages(with encoder: inout RowGroupEncoder, isLast: Bool = false) {
        let encoded = isLast ? waiting : waiting / encoder.pageRows * encoder.pageRows
        guard encoded > 0, let times, let identities, let latencies else { return }
        encoder.append(int64: UnsafeBufferPointer(start: times, count: encoded), to: .registeredAt)
        encoder.append(int64: UnsafeBufferPointer(start: identities, count: encoded), to: .identity)
        encoder.append(int32: UnsafeBufferPointer(start: latencies, count: encoded), to: .latencyUs)
        waiting -= encoded
        times.update(from: times + encoded, count: waiting)
        identities.update(from: identities + encoded, count: waiting)
        latencies.update(from: latencies + encoded, count: waiting)
    }

    /// Encodes the columns of strings, once all rows are there.
    func encodeStrings(with encoder: inout RowGroupEncoder) {
        precondition(count == rowCount)
        encoder.encode(runs: countries, names: Country.codes, as: .country)
        var regions: [CodeRun] = []
        for run in countries { regions.append(Country.regionCodes[Int(run.code)], count: run.count) }
        encoder.encode(runs: regions, names: Self.regionNames, as: .region)
        let labels = Label.names
        encoder.encode(codes: UnsafeBufferPointer(start: platforms, count: count), names: labels, as: .platform)
        encoder.encode(codes: UnsafeBufferPointer(start: sources, count: count), names: labels, as: .source)
    }

    private static let regionNames = Region.allCases.map(\.rawValue)
}

extension RowGroupEncoder {
    fileprivate mutating func append(int64 values: UnsafeBufferPointer<Int64>, to column: SegmentColumn) {
        append(int64: values, to: column.rawValue)
    }

    fileprivate mutating func append(int32 values: UnsafeBufferPointer<Int32>, to column: SegmentColumn) {
        append(int32: values, to: column.rawValue)
    }

    fileprivate mutating func encode(
        codes: UnsafeBufferPointer<UInt16>, names: [String], as column: SegmentColumn
    ) {
        encode(codes: codes, names: names, as: column.rawValue)
    }

    fileprivate mutating func encode(runs: [CodeRun], names: [String], as column: SegmentColumn) {
        encode(runs: runs, names: names, as: column.rawValue)
    }
}
