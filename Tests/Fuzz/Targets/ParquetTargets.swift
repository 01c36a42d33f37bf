import SpillwayParquet
import SpillwayPlatform

enum ParquetTargets {
    /// What is accepted can be written, and reads the same again.
    static func footer(_ input: [UInt8]) throws(FuzzFinding) {
        let file = MemoryFile(path: "footer.parquet", input)
        guard let footer = try accepted(or: ParquetError.self, { try ParquetFooter.read(from: file) }) else { return }
        let rows = footer.rowGroups.reduce(0) { $0 + $1.rowCount }
        try require(footer.rowCount == rows, "\(footer.rowCount) rows, \(rows) in row groups")
        for column in footer.rowGroups.flatMap(\.columns) {
            guard let filter = try accepted(or: ParquetError.self, { try column.readBloomFilter(from: file) }) else {
                continue
            }
            _ = filter?.mightContain(Int64(input.count))
        }
        var indexed = footer
        let hasIndexes = try accepted(or: ParquetError.self) { try indexed.loadPageIndexes(from: file) } != nil
        let written = hasIndexes ? indexed : footer
        var output = ByteBuffer()
        written.serialize(at: UInt64(input.count), into: &output)
        let copy = MemoryFile(path: "copy.parquet", input + output.withUnsafeBytes { Array($0) })
        guard var read = try accepted(or: ParquetError.self, { try ParquetFooter.read(from: copy) }) else {
            throw FuzzFinding("a footer that was written is refused")
        }
        if try accepted(or: ParquetError.self, { try read.loadPageIndexes(from: copy) }) == nil {
            throw FuzzFinding("a page index that was written is refused")
        }
        try require(essence(of: read) == essence(of: written), "a footer that was written reads differently")
    }

    /// A footer without what depends on where it stands.
    private static func essence(of footer: ParquetFooter) -> ParquetFooter {
        var footer = footer
        for group in footer.rowGroups.indices {
            for column in footer.rowGroups[group].columns.indices {
                footer.rowGroups[group].columns[column].columnIndex = nil
                footer.rowGroups[group].columns[column].offsetIndex = nil
                footer.rowGroups[group].columns[column].bloomFilter = nil
                // Bounds are written as pairs.
                let chunk = footer.rowGroups[group].columns[column]
                guard chunk.min == nil || chunk.max == nil else { continue }
                (footer.rowGroups[group].columns[column].min, footer.rowGroups[group].columns[column].max) = (nil, nil)
            }
        }
        return footer
    }

    /// A chunk decodes to as many values as it says, twice the same, and they survive being encoded.
    static func pages(_ input: [UInt8]) throws(FuzzFinding) {
        guard let chunk = ChunkInput(input) else { return }
        var decoder = ColumnChunkDecoder()
        guard let values = try decode(chunk.bytes, chunk.metadata, &decoder) else { return }
        let again = try decode(chunk.bytes, chunk.metadata, &decoder)
        try require(again == values, "a chunk decodes differently the second time")
        if case .strings(let names) = values { try countBlocks(chunk, names, &decoder) }
        if chunk.metadata.valueCount == 0 { return }
        let (metadata, bytes) = values.encoded()
        let decoded = try decode(bytes, metadata, &decoder)
        try require(decoded == values, "values do not survive being encoded")
    }

    /// Nil for what is refused.
    private static func decode(
        _ bytes: [UInt8], _ metadata: ColumnChunkMetadata, _ decoder: inout ColumnChunkDecoder
    ) throws(FuzzFinding) -> ChunkValues? {
        try accepted(or: ParquetError.self) { try ChunkValues(bytes, metadata, &decoder) }
    }

    /// Runs and codes, as queries count them, come to the same.
    private static func countBlocks(
        _ chunk: ChunkInput, _ names: [[UInt8]], _ decoder: inout ColumnChunkDecoder
    ) throws(FuzzFinding) {
        var codes: [UInt32] = []
        let blocks: Void? = try accepted(or: ParquetError.self) {
            try chunk.bytes.withUnsafeBytes { bytes in
                try decoder.forEachBlock(bytes, chunk.metadata) { block in
                    switch block {
                    case .run(let code, let count): codes += repeatElement(code, count: count)
                    case .codes(let block): codes += block
                    }
                }
            }
        }
        try require(blocks != nil, "blocks of a chunk that decodes are refused")
        let dictionary = decoder.dictionary
        try require(
            codes.allSatisfy { $0 < dictionary.count } && codes.map { Array(dictionary[Int($0)].utf8) } == names,
            "blocks of a chunk are not its values")
    }
}

/// A column chunk as an input gives it: u8 physical type, u8 codec, u16 values, then its pages.
struct ChunkInput {
    var metadata: ColumnChunkMetadata
    var bytes: [UInt8]

    init?(_ input: [UInt8]) {
        guard input.count >= 4 else { return nil }
        let types: [PhysicalType] = [.int32, .int64, .byteArray]
        let codecs: [Codec] = [.uncompressed, .lz4Raw]
        metadata = ColumnChunkMetadata(name: "column", type: types[Int(input[0]) % types.count])
        metadata.codec = codecs[Int(input[1]) % codecs.count]
        metadata.valueCount = Int(input[2]) | Int(input[3]) << 8
        bytes = Array(input[4...])
        metadata.compressedByteCount = bytes.count
    }

    /// The input for a chunk of a file.
    static func input(_ metadata: ColumnChunkMetadata, _ bytes: [UInt8]) -> [UInt8] {
        let type: UInt8 =
            switch metadata.type {
            case .int32: 0
            case .int64: 1
            case .byteArray: 2
            }
        let count = metadata.valueCount
        return [type, metadata.codec == .lz4Raw ? 1 : 0, UInt8(count & 0xff), UInt8(count >> 8 & 0xff)] + bytes
    }
}
