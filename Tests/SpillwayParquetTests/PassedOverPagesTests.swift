import SpillwayParquet
import SpillwayPlatform
import Testing

/// Pages that nobody wants are neither checked nor decoded, and those behind them are where they belong.
struct PassedOverPagesTests {
    private let rowCount = 1000
    private let pageRows = 60
    /// Rows of pages that are wanted.
    private let wanted = [0..<1, 430..<560, 999..<1000]

    private func isWanted(_ rows: Range<Int>) -> Bool { wanted.contains(where: rows.overlaps) }

    private func isWanted(_ row: Int) -> Bool {
        let start = row / pageRows * pageRows
        return isWanted(start..<min(start + pageRows, rowCount))
    }

    /// Decodes the only column of a file, some byte of each unwanted page altered.
    private func read<Result>(
        _ values: Values,
        _ body: (UnsafeRawBufferPointer, ColumnChunkMetadata, inout ColumnChunkDecoder) throws -> Result
    ) throws -> Result {
        var bytes = makeFile([[values]], pageRows: pageRows)
        var footer = try ParquetFooter.read(from: MemoryFile(bytes))
        try footer.loadPageIndexes(from: MemoryFile(bytes))
        let column = footer.rowGroups[0].columns[0]
        for page in column.pages where !isWanted(page.firstRow) { bytes[Int(page.offset) + page.byteCount - 1] ^= 1 }
        var chunk = ByteBuffer()
        try column.read(from: MemoryFile(bytes), into: &chunk)
        var decoder = ColumnChunkDecoder()
        let result = try chunk.withUnsafeBytes { try body($0, column, &decoder) }
        let unwanted = column.pages.count { !isWanted($0.firstRow) }
        #expect(unwanted > 10 && decoder.pageCounts.passedOver == unwanted)
        #expect(decoder.pageCounts.read >= column.pages.count - unwanted)
        return result
    }

    @Test func ofIntegersLeaveTheirRoomAsItWas() throws {
        let values = (0..<rowCount).map { Int64($0 * $0 % 7919) }
        let decoded = try read(.int64(values)) { (chunk, column, decoder) in
            var room = [Int64](repeating: -1, count: rowCount)
            var rows: [Int] = []
            try room.withUnsafeMutableBufferPointer { room in
                try decoder.decode(chunk, column, into: room, where: isWanted) { page, firstRow in
                    rows += firstRow..<firstRow + page.count
                }
            }
            #expect(rows == (0..<rowCount).filter(isWanted))
            return room
        }
        #expect(decoded == values.indices.map { isWanted($0) ? values[$0] : -1 })
    }

    @Test func ofSmallIntegersLeaveTheirRoomAsItWas() throws {
        let values = (0..<rowCount).map { Int32($0 * 31 % 977) }
        let decoded = try read(.int32(values)) { (chunk, column, decoder) in
            var room = [Int32](repeating: -1, count: rowCount)
            try room.withUnsafeMutableBufferPointer { try decoder.decode(chunk, column, into: $0, where: isWanted) }
            return room
        }
        #expect(decoded == values.indices.map { isWanted($0) ? values[$0] : -1 })
    }

    @Test func areHandedOutByNobody() throws {
        let values = (0..<rowCount).map { Int64($0 * $0 % 7919) }
        let seen = try read(.int64(values)) { (chunk, column, decoder) in
            var room = [Int64](repeating: 0, count: rowCount)
            var seen: [Int: Int64] = [:]
            try room.withUnsafeMutableBufferPointer { room in
                try decoder.forEachPage(chunk, column, in: room, where: isWanted) { page, firstRow in
                    for (index, value) in page.enumerated() { seen[firstRow + index] = value }
                }
            }
            return seen
        }
        #expect(seen == Dictionary(uniqueKeysWithValues: (0..<rowCount).filter(isWanted).map { ($0, values[$0]) }))
    }

    @Test func ofNamesComeAsRuns() throws {
        let values = (0..<rowCount).map { "name \($0 % 13)" }
        let decoded = try read(.strings(values)) { (chunk, column, decoder) in
            var codes = [UInt16](repeating: .max, count: rowCount)
            try codes.withUnsafeMutableBufferPointer { codes in
                var row = 0
                try decoder.forEachBlock(chunk, column, where: isWanted) { codes.put($0, at: &row) }
            }
            let names = decoder.dictionary
            return codes.indices.map { isWanted($0) ? names[Int(codes[$0])] : "\(codes[$0])" }
        }
        #expect(decoded == values.indices.map { isWanted($0) ? values[$0] : "0" })
    }
}
