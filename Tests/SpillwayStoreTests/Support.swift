import Foundation
import SpillwayModel
import SpillwayPlatform

@testable import SpillwayStore

/// One of a row's three words each; everything follows from the identity.
struct Row: Hashable, Comparable {
    var registeredAt: Int64
    var identity: UInt64
    var attributes: UInt64

    init(_ identity: UInt64, country: String = "BR") {
        self.identity = identity
        registeredAt = 1_633_361_000_000_000 + Int64(identity % 1_000_003)
        attributes =
            PackedAttributes(
                country: Country(country) ?? .unknown, platform: identity % 3 == 0 ? "web" : "ios", source: "organic",
                latencyUs: Int32(identity % 5_000)
            ).rawValue
    }

    init(_ row: PackedRow) {
        registeredAt = row.registeredAt
        identity = row.identity
        attributes = row.attributes.rawValue
    }

    var packed: PackedRow {
        PackedRow(
            registeredAt: registeredAt, identity: identity, attributes: PackedAttributes(rawValue: attributes))
    }

    static func < (a: Row, b: Row) -> Bool { a.identity < b.identity }
}

func blocks(_ rows: some Sequence<Row>, rowsPerBlock: Int = RowBlock.capacity) -> [RowBlock] {
    let pool = RowBlockPool()
    var blocks: [RowBlock] = []
    for row in rows {
        if blocks.last.map({ $0.count == rowsPerBlock }) ?? true { blocks.append(pool.take()) }
        blocks[blocks.count - 1].append(row.packed)
    }
    return blocks
}

/// With some outcomes of attempts beside the rows.
func rowGroupFrame(_ identities: some Sequence<UInt64>) -> FrameBuffer {
    let frame = FrameBuffer()
    let rows = identities.map { Row($0) }
    RowGroupBuilder().build(blocks(rows), outcomes: outcomes(rows.count), into: frame)
    return frame
}

/// With some outcomes of attempts beside the rows, of no epoch before.
func journalFrame(_ identities: some Sequence<UInt64>) -> FrameBuffer {
    let frame = FrameBuffer()
    let rows = identities.map { Row($0) }
    JournalRecord.write(blocks(rows), RecordedOutcomes(since: .max, outcomes(rows.count)), into: frame)
    return frame
}

/// Duplicates from Europe in the minute 27222683, and an attempt that was refused for its time.
func outcomes(_ duplicates: Int) -> OutcomeTally {
    var tally = OutcomeTally()
    tally.add(OutcomeTally.Cell(minute: 27_222_683, region: .europe, outcome: .duplicate), duplicates)
    tally.add(OutcomeTally.Cell(minute: nil, region: nil, outcome: .refused(.timestampOutOfRange)), 1)
    return tally
}

func epoch(_ number: UInt64) -> EpochMark {
    EpochMark(number: number, position: StreamPosition(stream: 9, attempts: number * 10))
}

/// Identities in a view, in order; twice where they are there twice.
func identities(_ view: StoreView) throws -> [UInt64] {
    let found = Monitor(view.journaled.identity.map(\.rawValue))
    try view.forEachIdentityColumn(threads: 1) { column in
        let part = column.indices.map { UInt64(bitPattern: column[$0]) }
        found.withLock { $0 += part }
    }
    return found.withLock { $0 }.sorted()
}

/// Rows in a view, in order of identity; twice where they are there twice.
func rows(_ view: StoreView) throws -> [Row] {
    let blocks = RowBlockPool().pack(view.journaled)
    let journaled = blocks.flatMap { block in
        (0..<block.count).map { Row(block.rows[$0]) }
    }
    return try (journaled + segmentRows(view)).sorted()
}

/// Rows in a view's segments, in order of identity; twice where they are there twice.
func segmentRows(_ view: StoreView) throws -> [Row] {
    let reader = RowGroupReader()
    let pool = RowBlockPool()
    var rows: [Row] = []
    for segment in view.segments {
        let file = try segment.openFile()
        for rowGroup in segment.rowGroups {
            try reader.read(rowGroup, from: file)
            for index in 0..<reader.rowCount {
                let block = pool.take()
                reader.append(row: index, to: block)
                rows.append(Row(block.rows[0]))
                pool.giveBack([block])
            }
        }
    }
    return rows.sorted()
}

/// Writes a store of sealed segments, one epoch of one row group each unless `rowGroups` says more.
func writeSegments(
    _ segments: [some Collection<UInt64>], rowGroups: Int = 1, to path: String, system: any System
) throws {
    let store = try Store.open(path, system: system).store
    for identities in segments {
        let size = (identities.count + rowGroups - 1) / rowGroups
        for part in 0..<rowGroups {
            try store.append(
                rowGroups: [rowGroupFrame(identities.dropFirst(part * size).prefix(size))],
                epoch: epoch(store.lastEpoch.number + 1))
        }
        try store.sync()
        try store.seal()
    }
}
