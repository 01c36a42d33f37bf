internal import SpillwayParquet

/// Where the values of a page belong (parquet-format README, "Nested Encoding").
enum Levels {
    /// For each row of a page of a column that does not repeat, whether it has a value; empty if all do.
    ///
    /// - Parameters:
    ///   - levels: of a v2 page.
    ///   - values: what follows them; a v1 page has its levels there, and they are taken off.
    static func presence(
        _ header: PageHeader, _ column: InterchangeColumn, _ levels: inout ByteReader, _ values: inout ByteReader
    ) throws(ParquetError) -> [Bool] {
        guard header.repetitionByteCount == 0 else { throw levels.damaged("repetitions in a column of single values") }
        if column.maxDefinition == 0 { return [] }
        var reader = try part(header, header.definitionByteCount, &levels, &values)
        var isPresent: [Bool] = []
        var isAnyNull = false
        let max = column.maxDefinition
        try forEachBlock(&reader, header, max: max) { block in
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

    /// For each entry of a page, the list that it goes on with, 0 for a row that begins, and how many optional and
    /// repeated fields on the way to it are there.
    static func all(
        _ header: PageHeader, _ column: InterchangeColumn, _ levels: inout ByteReader, _ values: inout ByteReader
    ) throws(ParquetError) -> (repetitions: [UInt32], definitions: [UInt32]) {
        var repetitions = try part(header, header.repetitionByteCount, &levels, &values)
        let repeated = try list(&repetitions, header, max: column.maxRepetition)
        var definitions = try part(header, header.definitionByteCount, &levels, &values)
        return (repeated, try list(&definitions, header, max: column.maxDefinition))
    }

    private static func list(
        _ reader: inout ByteReader, _ header: PageHeader, max: Int
    ) throws(ParquetError) -> [UInt32] {
        var result: [UInt32] = []
        try forEachBlock(&reader, header, max: max) { block in
            switch block {
            case .run(let level, let count): result.append(contentsOf: repeatElement(level, count: count))
            case .codes(let levels): result.append(contentsOf: levels)
            }
        }
        return result
    }

    /// Where levels of one kind are: a v1 page has their length before them.
    private static func part(
        _ header: PageHeader, _ byteCount: Int, _ levels: inout ByteReader, _ values: inout ByteReader
    ) throws(ParquetError) -> ByteReader {
        if header.type == .dataV2 {
            let offset = levels.offset
            return ByteReader(try levels.bytes(byteCount), fileOffset: offset)
        }
        let byteCount = Int(try values.uint32())
        let offset = values.offset
        return ByteReader(try values.bytes(byteCount), fileOffset: offset)
    }

    private static func forEachBlock(
        _ reader: inout ByteReader, _ header: PageHeader, max: Int, _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try HybridDecoding.forEachBlock(
            &reader, count: header.valueCount, width: Int.bitWidth - max.leadingZeroBitCount, codeCount: max + 1, body)
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
