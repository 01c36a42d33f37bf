import SpillwayParquet

/// Which values of a page are there (parquet-format README, "Nested Encoding"; for a column that does not repeat).
enum DefinitionLevels {
    /// For each row of the page, whether it has a value; empty if all do.
    ///
    /// - Parameters:
    ///   - levels: of a v2 page.
    ///   - values: what follows them; a v1 page has its levels there, and they are taken off.
    static func read(
        _ header: PageHeader, _ column: InterchangeColumn, _ levels: inout ByteReader, _ values: inout ByteReader
    ) throws(ParquetError) -> [Bool] {
        guard header.repetitionByteCount == 0 else { throw levels.damaged("repetitions in a column of single values") }
        if column.maxDefinition == 0 { return [] }
        if header.type == .dataV2 { return try decode(&levels, header.valueCount, column.maxDefinition) }
        let byteCount = Int(try values.littleEndian(UInt32.self))
        let offset = values.offset
        var levels = ByteReader(try values.bytes(byteCount), fileOffset: offset)
        return try decode(&levels, header.valueCount, column.maxDefinition)
    }

    private static func decode(
        _ reader: inout ByteReader, _ count: Int, _ max: Int
    ) throws(ParquetError) -> [Bool] {
        var isPresent: [Bool] = []
        var isAnyNull = false
        try HybridDecoding.forEachBlock(
            &reader, count: count, width: Int.bitWidth - max.leadingZeroBitCount, codeCount: max + 1
        ) { block in
            switch block {
            case .run(let level, let count):
                isAnyNull = isAnyNull || level < max
                isPresent.append(contentsOf: repeatElement(level == max, count: count))
            case .codes(let levels):
                for level in levels {
                    isAnyNull = isAnyNull || level < max
                    isPresent.append(level == max)
                }
            }
        }
        return isAnyNull ? isPresent : []
    }
}

extension HybridDecoding {
    /// Hands out `count` codes, each below `codeCount`.
    ///
    /// - Parameter width: of a code, in bits; nil if it comes first.
    static func forEachBlock(
        _ reader: inout ByteReader, count: Int, width: Int?, codeCount: Int,
        _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        var scratch = [UInt32](repeating: 0, count: blockSize)
        try scratch.withUnsafeMutableBufferPointer { (scratch) throws(ParquetError) in
            if let width {
                try decode(&reader, count: count, width: width, dictionaryCount: codeCount, scratch: scratch, body)
            } else {
                try decode(&reader, count: count, dictionaryCount: codeCount, scratch: scratch, body)
            }
        }
    }
}
