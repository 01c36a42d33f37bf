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

    static func < (a: Row, b: Row) -> Bool { a.identity < b.identity }
}

func blocks(_ rows: some Sequence<Row>, rowsPerBlock: Int = RowBlock.capacity) -> [RowBlock] {
    let pool = RowBlockPool()
    var blocks: [RowBlock] = []
    for row in rows {
        if blocks.last.map({ $0.count == rowsPerBlock }) ?? true { blocks.append(pool.take()) }
        blocks[blocks.count - 1].append(
            registeredAt: row.registeredAt, identity: row.identity, attributes: row.attributes)
    }
    return blocks
}

func rowGroupFrame(_ identities: Range<UInt64>) -> FrameBuffer {
    let frame = FrameBuffer()
    RowGroupBuilder().build(blocks(identities.map { Row($0) }), into: frame)
    return frame
}

func journalFrame(_ identities: Range<UInt64>) -> FrameBuffer {
    let frame = FrameBuffer()
    JournalRecord.write(blocks(identities.map { Row($0) }), into: frame)
    return frame
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
