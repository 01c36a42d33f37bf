import Foundation
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

@testable import SpillwayStore

/// Identities whose eight bytes turn up in a file only if they were written there, and which ascend as their indexes
/// do.
func wide(_ indexes: Range<UInt64>) -> [UInt64] {
    indexes.map { 0x1234_0000_0000_0000 + $0 * 0x0000_0137_9b5d_f135 }
}

/// Files below a directory that hold one of the identities: in a column, as bytes wherever, or as digits.
func filesHolding(_ identities: [UInt64], in directory: String, _ system: any System) throws -> [String] {
    var found: [String] = []
    for name in try system.list(directory) {
        let path = "\(directory)/\(name)"
        if try system.status(path).isDirectory {
            found += try filesHolding(identities, in: path, system)
            continue
        }
        let bytes = Data(try system.readAll(path))
        let columns = try columns(of: path, system)
        let isHeld = identities.contains { identity in
            columns.contains(identity) || bytes.range(of: Data(identity.littleEndianBytes)) != nil
                || bytes.range(of: Data(String(identity).utf8)) != nil
        }
        if isHeld { found.append(path) }
    }
    return found.sorted()
}

/// The identities that a sealed segment's columns hold; none for other files.
private func columns(of path: String, _ system: any System) throws -> Set<UInt64> {
    guard path.hasSuffix(".parquet"), !path.contains("/_") else { return [] }
    let file = try system.open(path, .read)
    let reader = RowGroupReader()
    var identities: Set<UInt64> = []
    for rowGroup in try SegmentFooter(reading: file).rowGroups {
        try reader.readIdentities(rowGroup, from: file)
        for row in 0..<reader.rowCount { identities.insert(reader.identity(at: row)) }
    }
    return identities
}
