import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

@testable import SpillwayStore

/// Identities whose eight bytes turn up in a file only if they were written there, and which ascend as their indexes
/// do.
func wide(_ indexes: Range<UInt64>) -> [UInt64] {
    indexes.map { 0x1234_0000_0000_0000 + $0 * 0x0000_0137_9b5d_f135 }
}

/// Files below a directory that hold an identity: in a column, as bytes wherever, or as digits.
func filesHolding(_ identity: UInt64, in directory: String, _ system: any System) throws -> [String] {
    var found: [String] = []
    for name in try system.list(directory) {
        let path = "\(directory)/\(name)"
        if try system.status(path).isDirectory {
            found += try filesHolding(identity, in: path, system)
            continue
        }
        let bytes = try system.readAll(path)
        let patterns = [identity.littleEndianBytes, Array(String(identity).utf8)]
        if try patterns.contains(where: { bytes.contains($0) }) || (columns(of: path, system).contains(identity)) {
            found.append(path)
        }
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
