package import SpillwayParquet

/// Reads rows of the columns of a file. Used by one thread at a time.
///
/// Whatever the file holds, reading throws or gives exactly the rows asked for, and holds no more at a time than a page,
/// a dictionary and the rows.
package struct ColumnReader: ~Copyable {
    let file: InterchangeFile

    package init(_ file: InterchangeFile) { self.file = file }

    /// The values of some rows of a row group.
    ///
    /// - Precondition: the column is one of the file's, its type is no ``InterchangeType/other(_:)``, it does not
    ///   repeat, and the rows are among those of the group.
    /// - Complexity: O(rows + pages before them)
    package mutating func read(
        _ column: InterchangeColumn, rows: Range<Int>, of group: InterchangeRowGroup
    ) throws(ParquetError) -> ColumnVector {
        precondition(!column.isRepeated && rows.upperBound <= group.rowCount)
        let chunk = try group.chunk(of: column, within: file.pages)
        var pages = try PageStream(chunk, of: file.file)
        var decoder = ValueDecoder(column)
        var vector = ColumnVector(column.type, capacity: rows.count)
        var row = 0
        while row < rows.upperBound, let header = try pages.nextHeader() {
            switch header.type {
            case .dictionary:
                guard row == 0 else { throw .damaged(offset: pages.offset, problem: "a dictionary after values") }
                try Self.readDictionary(header, &pages, &decoder, &vector)
            case .data, .dataV2:
                let end = row + header.valueCount
                guard end <= group.rowCount else {
                    throw .damaged(offset: pages.offset, problem: "pages of more values than column \(column.name) has")
                }
                if end > rows.lowerBound {
                    let wanted = max(rows.lowerBound - row, 0)..<min(rows.upperBound, end) - row
                    try Self.readPage(header, wanted, column, &pages, &decoder, &vector)
                }
                row = end
            }
        }
        guard row >= rows.upperBound else {
            throw .damaged(offset: pages.offset, problem: "pages of fewer values than column \(column.name) has")
        }
        return vector
    }

    static func readDictionary(
        _ header: PageHeader, _ pages: inout PageStream, _ decoder: inout ValueDecoder, _ vector: inout ColumnVector
    ) throws(ParquetError) {
        let offset = pages.offset
        try pages.withBody(header) { (_, bytes) throws(ParquetError) in
            var reader = ByteReader(bytes, fileOffset: offset)
            try decoder.readDictionary(header, &reader, &vector)
        }
    }

    /// Appends the `wanted` rows of a page.
    private static func readPage(
        _ header: PageHeader, _ wanted: Range<Int>, _ column: InterchangeColumn, _ pages: inout PageStream,
        _ decoder: inout ValueDecoder, _ vector: inout ColumnVector
    ) throws(ParquetError) {
        let offset = pages.offset
        try pages.withBody(header) { (levels, bytes) throws(ParquetError) in
            var levels = ByteReader(levels, fileOffset: offset)
            var reader = ByteReader(bytes, fileOffset: offset)
            let isPresent = try Levels.presence(header, column, &levels, &reader)
            if isPresent.isEmpty {
                return try decoder.decode(&reader, header, count: header.valueCount, wanted, [], &vector)
            }
            let before = isPresent[..<wanted.lowerBound].count { $0 }
            let rows = isPresent[wanted]
            let count = rows.count { $0 }
            let after = isPresent[wanted.upperBound...].count { $0 }
            try decoder.decode(
                &reader, header, count: before + count + after, before..<before + count, rows, &vector)
        }
    }
}
