import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Gives the row groups of a sealed segment Bloom filters of their identities, as compaction would.
package func addBloomFilters(toSegmentAt path: String) throws {
    let file = try PosixSystem().open(path, .write)
    var footer = try SegmentFooter(reading: file)
    var decoder = ColumnChunkDecoder()
    let identity = SegmentColumn.identity.rawValue
    for group in footer.rowGroups.indices {
        for column in footer.rowGroups[group].columns.indices {
            try footer.rowGroups[group].columns[column]
                .loadPages(from: file, rowCount: footer.rowGroups[group].rowCount)
        }
        let chunk = footer.rowGroups[group].columns[identity]
        var bytes = ByteBuffer()
        try chunk.read(from: file, into: &bytes)
        var identities = [Int64](repeating: 0, count: chunk.valueCount)
        try bytes.withUnsafeBytes { bytes in
            try identities.withUnsafeMutableBufferPointer { try decoder.decode(bytes, chunk, into: $0) }
        }
        footer.bloomFilters.append(BloomFilter(identities.span))
    }
    let end = footer.rowGroups.flatMap(\.columns).map(\.byteRange.upperBound).max() ?? 4
    try file.truncate(to: end)
    try footer.write(to: file, at: end)
}
