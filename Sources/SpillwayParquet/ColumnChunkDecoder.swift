import SpillwayPlatform

/// Decodes column chunks, one after the other, with scratch that is reused. Used by one thread at a time.
///
/// A chunk is the bytes at ``ColumnChunkMetadata/byteRange``, as ``ColumnChunkMetadata/read(from:into:)`` gets
/// them. Whatever they hold, decoding throws or fills exactly ``ColumnChunkMetadata/valueCount`` values.
package struct ColumnChunkDecoder: ~Copyable {
    private var pages = PageReader()
    private var scratch = [UInt32](repeating: 0, count: HybridDecoding.blockSize)
    private var strings = StringDictionary()

    package init() {}

    /// The pages of all chunks so far.
    package var pageCounts: PageCounts { pages.counts }

    /// Decodes a chunk of ``PhysicalType/int64`` into room for its values, or for the first of them: those behind are
    /// not looked at.
    ///
    /// - Parameters:
    ///   - isWanted: false for the rows of a page that is to be passed over, neither checked nor decoded; the room for its
    ///     values stays as it was.
    ///   - body: gets the values of each page once they are decoded.
    package mutating func decode(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata,
        into values: UnsafeMutableBufferPointer<Int64>, where isWanted: (_ rows: Range<Int>) -> Bool = { _ in true },
        _ body: (_ page: UnsafeBufferPointer<Int64>, _ firstRow: Int) -> Void = { _, _ in }
    ) throws(ParquetError) {
        try decode(
            integers: chunk, metadata, rowCount: values.count, into: { .init(rebasing: values[$0]) }, isWanted, body)
    }

    /// As for ``PhysicalType/int64``, of a chunk of ``PhysicalType/int32``.
    package mutating func decode(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata,
        into values: UnsafeMutableBufferPointer<Int32>, where isWanted: (_ rows: Range<Int>) -> Bool = { _ in true },
        _ body: (_ page: UnsafeBufferPointer<Int32>, _ firstRow: Int) -> Void = { _, _ in }
    ) throws(ParquetError) {
        try decode(
            integers: chunk, metadata, rowCount: values.count, into: { .init(rebasing: values[$0]) }, isWanted, body)
    }

    /// Hands out the values of a chunk of ``PhysicalType/int64`` page by page, each in the same memory as the one before,
    /// which they find in the cache: room for all of the chunk's, as a page may hold as many.
    package mutating func forEachPage(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata, in room: UnsafeMutableBufferPointer<Int64>,
        where isWanted: (_ rows: Range<Int>) -> Bool = { _ in true },
        _ body: (_ values: UnsafeBufferPointer<Int64>, _ firstRow: Int) -> Void
    ) throws(ParquetError) {
        precondition(room.count == metadata.valueCount)
        try decode(
            integers: chunk, metadata, rowCount: room.count, into: { .init(rebasing: room[..<$0.count]) }, isWanted,
            body)
    }

    /// The same of a chunk of ``PhysicalType/int32``.
    package mutating func forEachPage(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata, in room: UnsafeMutableBufferPointer<Int32>,
        where isWanted: (_ rows: Range<Int>) -> Bool = { _ in true },
        _ body: (_ values: UnsafeBufferPointer<Int32>, _ firstRow: Int) -> Void
    ) throws(ParquetError) {
        precondition(room.count == metadata.valueCount)
        try decode(
            integers: chunk, metadata, rowCount: room.count, into: { .init(rebasing: room[..<$0.count]) }, isWanted,
            body)
    }

    /// Decodes a chunk of strings into room for all of its codes; returns the names that they stand for.
    package mutating func decode(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata,
        into codes: UnsafeMutableBufferPointer<UInt16>
    ) throws(ParquetError) -> [String] {
        precondition(codes.count == metadata.valueCount)
        var row = 0
        try forEachBlock(chunk, metadata) { block in codes.put(block, at: &row) }
        return dictionary
    }

    /// The codes at some rows, ascending, of a chunk of strings whose pages have dictionaries; nil if some page has not.
    /// Pages without any of the rows are neither checked nor decoded; that all together have the chunk's rows is checked, as
    /// a header that says something else would have every row behind it taken for another.
    package mutating func codes(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata, at rows: [Int]
    ) throws(ParquetError) -> [UInt16]? {
        precondition(metadata.type == .byteArray)
        strings.removeAll()
        var reader = ByteReader(chunk, fileOffset: metadata.offset)
        var found: [UInt16] = []
        var first = 0
        while let page = try pages.next(
            &reader, codec: metadata.codec,
            where: { $0.holds(after: first) { found.count < rows.count && $0.contains(rows[found.count]) } })
        {
            if page.header.type == .dictionary {
                var bytes = page.reader
                guard first == 0, strings.names.isEmpty else { throw reader.damaged("dictionary out of place") }
                try strings.append(page.header, &bytes)
                continue
            }
            let end = first + page.header.valueCount
            if !page.isPassedOver {
                guard [.rleDictionary, .plainDictionary].contains(page.header.encoding) else { return nil }
                var bytes = page.reader
                let wanted = rows[found.count...].prefix { $0 < end }
                try HybridDecoding.codes(
                    &bytes, at: wanted, from: first, count: page.header.valueCount,
                    dictionaryCount: strings.names.count, into: &found)
            }
            first = end
        }
        guard first == metadata.valueCount, found.count == rows.count else { throw reader.wrongCount(metadata) }
        return found
    }

    /// The names that the codes of the chunk of strings last decoded stand for.
    package var dictionary: [String] { strings.names }

    /// Hands out the codes of a chunk of strings in their order, runs as runs. They index ``dictionary``, which
    /// is complete when this returns.
    ///
    /// - Parameter isWanted: false for the rows of a page that is to be passed over, neither checked nor decoded: it comes
    ///   as a run of code 0, which may stand for nothing.
    package mutating func forEachBlock(
        _ chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata,
        where isWanted: (_ rows: Range<Int>) -> Bool = { _ in true },
        _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        precondition(metadata.type == .byteArray)
        strings.removeAll()
        var reader = ByteReader(chunk, fileOffset: metadata.offset)
        var row = 0
        while let page = try pages.next(&reader, codec: metadata.codec, where: { $0.holds(after: row, isWanted) }) {
            var bytes = page.reader
            if page.header.type == .dictionary {
                guard row == 0, strings.names.isEmpty else { throw reader.damaged("dictionary out of place") }
                try strings.append(page.header, &bytes)
                continue
            }
            let count = page.header.valueCount
            guard count <= metadata.valueCount - row else { throw bytes.wrongCount(metadata) }
            row += count
            if page.isPassedOver {
                try body(.run(code: 0, count: count))
                continue
            }
            switch page.header.encoding {
            case .plain:
                try strings.decode(&bytes, count: count, body)
            case .rleDictionary, .plainDictionary:
                try decodeCodes(&bytes, count: count, dictionaryCount: strings.names.count, body)
            default:
                throw bytes.unknown(page.header.encoding)
            }
        }
        guard row == metadata.valueCount else { throw reader.wrongCount(metadata) }
    }

    /// Decodes the first `rowCount` rows, page by page, into the room that there is for each page's.
    private mutating func decode<Value: ColumnInteger>(
        integers chunk: UnsafeRawBufferPointer, _ metadata: ColumnChunkMetadata, rowCount: Int,
        into room: (_ rows: Range<Int>) -> UnsafeMutableBufferPointer<Value>, _ isWanted: (_ rows: Range<Int>) -> Bool,
        _ body: (_ values: UnsafeBufferPointer<Value>, _ firstRow: Int) -> Void
    ) throws(ParquetError) {
        precondition(metadata.type == Value.physicalType && rowCount <= metadata.valueCount)
        let isWhole = rowCount == metadata.valueCount
        var reader = ByteReader(chunk, fileOffset: metadata.offset)
        var dictionary: [Value] = []
        var row = 0
        while isWhole || row < rowCount,
            let page = try pages.next(&reader, codec: metadata.codec, where: { $0.holds(after: row, isWanted) })
        {
            var bytes = page.reader
            if page.header.type == .dictionary {
                guard row == 0, dictionary.isEmpty else { throw reader.damaged("dictionary out of place") }
                dictionary = try Self.plainDictionary(page.header, &bytes)
                continue
            }
            let count = page.header.valueCount
            guard count <= metadata.valueCount - row else { throw bytes.wrongCount(metadata) }
            let rows = row..<row + min(count, rowCount - row)
            row = rows.upperBound
            if page.isPassedOver { continue }
            let part = room(rows)
            switch page.header.encoding {
            case .plain: try Self.decodePlain(&bytes, into: part, of: count)
            case .deltaBinaryPacked: try DeltaDecoding.decode(&bytes, into: part, of: count)
            case .rleDictionary, .plainDictionary: try decodeCodes(&bytes, dictionary, into: part, of: count)
            default: throw bytes.unknown(page.header.encoding)
            }
            body(UnsafeBufferPointer(part), rows.lowerBound)
        }
        guard row == rowCount else { throw reader.wrongCount(metadata) }
    }

    /// - Parameter count: values of the page, of which `values` are the first. So for other encodings.
    private static func decodePlain<Value: ColumnInteger>(
        _ reader: inout ByteReader, into values: UnsafeMutableBufferPointer<Value>, of count: Int
    ) throws(ParquetError) {
        guard reader.remaining == count * MemoryLayout<Value>.size else {
            throw reader.damaged("\(reader.remaining) bytes for \(count) values")
        }
        let size = MemoryLayout<Value>.size * values.count
        UnsafeMutableRawBufferPointer(values).copyMemory(from: try reader.bytes(size))
    }

    private static func plainDictionary<Value: ColumnInteger>(
        _ header: PageHeader, _ reader: inout ByteReader
    ) throws(ParquetError) -> [Value] {
        guard reader.remaining / MemoryLayout<Value>.size >= header.valueCount else {
            throw reader.damaged("\(reader.remaining) bytes for \(header.valueCount) dictionary entries")
        }
        var entries = [Value](repeating: 0, count: header.valueCount)
        let failure = entries.withUnsafeMutableBufferPointer { entries -> ParquetError? in
            do throws(ParquetError) { try decodePlain(&reader, into: entries, of: entries.count) } catch {
                return error
            }
            return nil
        }
        if let failure { throw failure }
        return entries
    }

    private mutating func decodeCodes<Value: ColumnInteger>(
        _ reader: inout ByteReader, _ dictionary: [Value], into values: UnsafeMutableBufferPointer<Value>, of count: Int
    ) throws(ParquetError) {
        var row = 0
        try decodeCodes(&reader, count: count, dictionaryCount: dictionary.count) { block in
            switch block {
            case .run(let code, let count):
                let end = min(row + count, values.count)
                UnsafeMutableBufferPointer(rebasing: values[row..<end]).update(repeating: dictionary[Int(code)])
                row = end
            case .codes(let codes):
                for code in codes.prefix(values.count - row) {
                    values[row] = dictionary[Int(code)]
                    row += 1
                }
            }
        }
    }

    private mutating func decodeCodes(
        _ reader: inout ByteReader, count: Int, dictionaryCount: Int,
        _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try scratch.withUnsafeMutableBufferPointer { (scratch) throws(ParquetError) in
            try HybridDecoding.decode(
                &reader, count: count, dictionaryCount: dictionaryCount, scratch: scratch, body)
        }
    }
}

extension PageHeader {
    /// Whether a page holds a dictionary or, behind so many rows, one that is wanted.
    fileprivate func holds(after rowCount: Int, _ isWanted: (_ rows: Range<Int>) -> Bool) -> Bool {
        type == .dictionary || isWanted(rowCount..<rowCount + valueCount)
    }
}

extension UnsafeMutableBufferPointer<UInt16> {
    /// Puts the block's codes from `row` on, which moves behind them. There is room for them: no page holds more values
    /// than its column.
    package func put(_ block: CodeBlock, at row: inout Int) {
        switch block {
        case .run(let code, let count):
            // A dictionary has no more names than 16 bits can number.
            UnsafeMutableBufferPointer(rebasing: self[row..<row + count])
                .update(repeating: UInt16(truncatingIfNeeded: code))
            row += count
        case .codes(let codes):
            let room = UnsafeMutableBufferPointer(rebasing: self[row..<row + codes.count])
            for index in room.indices { room[index] = UInt16(truncatingIfNeeded: codes[index]) }
            row += codes.count
        }
    }
}

extension ByteReader {
    fileprivate func wrongCount(_ metadata: ColumnChunkMetadata) -> ParquetError {
        damaged("pages of column \(metadata.name) do not hold its \(metadata.valueCount) values")
    }

    fileprivate func unknown(_ encoding: Encoding) -> ParquetError {
        unsupported("encoding \(encoding.rawValue)")
    }
}
