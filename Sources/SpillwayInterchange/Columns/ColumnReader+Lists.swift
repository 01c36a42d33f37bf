package import SpillwayParquet

extension ColumnReader {
    /// Of lists in a row group, all together: what has more is refused, and is not given memory.
    private static let maximumEntryCount = 1 << 22

    /// The texts of a column of lists, by row; nil is null, an empty list may be one that is null.
    ///
    /// - Precondition: the column is one of the file's, of text, in one list and no more.
    package mutating func readLists(
        _ column: InterchangeColumn, of group: InterchangeRowGroup
    ) throws(ParquetError) -> [[String?]] {
        precondition(column.maxRepetition == 1 && column.type == .text)
        let chunk = try group.chunk(of: column, within: file.pages)
        var pages = try PageStream(chunk, of: file.file)
        var decoder = ValueDecoder(column)
        var vector = ColumnVector(column.type)
        var lists: [[String?]] = []
        var entryCount = 0
        while let header = try pages.nextHeader() {
            if header.type == .dictionary {
                try Self.readDictionary(header, &pages, &decoder, &vector)
                continue
            }
            entryCount += header.valueCount
            guard entryCount <= Self.maximumEntryCount else {
                throw .unsupported(offset: pages.offset, problem: "lists of over \(Self.maximumEntryCount) entries")
            }
            try Self.readPage(header, column, &pages, &decoder, &vector, &lists)
        }
        guard lists.count == group.rowCount else {
            throw .damaged(
                offset: pages.offset,
                problem: "\(lists.count) lists of column \(column.name) for \(group.rowCount) rows")
        }
        return lists
    }

    /// Appends the lists of a page.
    private static func readPage(
        _ header: PageHeader, _ column: InterchangeColumn, _ pages: inout PageStream, _ decoder: inout ValueDecoder,
        _ vector: inout ColumnVector, _ lists: inout [[String?]]
    ) throws(ParquetError) {
        let offset = pages.offset
        try pages.withBody(header) { (levels, bytes) throws(ParquetError) in
            var levels = ByteReader(levels, fileOffset: offset)
            var reader = ByteReader(bytes, fileOffset: offset)
            let (repetitions, definitions) = try Levels.all(header, column, &levels, &reader)
            let count = definitions.count { $0 == column.maxDefinition }
            var next = vector.count
            try decoder.decode(&reader, header, count: count, 0..<count, [], &vector)
            for (repetition, definition) in zip(repetitions, definitions) {
                if repetition == 0 { lists.append([]) }
                guard let last = lists.indices.last else { throw reader.damaged("a page that begins within a list") }
                if definition == column.maxDefinition {
                    lists[last].append(vector.texts[Int(vector.codes[next])])
                    next += 1
                } else if definition >= column.elementDefinition {
                    lists[last].append(nil)
                }
            }
        }
    }
}
