import SpillwayPlatform

/// Encodes row groups, one after the other: ``begin(rowCount:output:)``, each column in the order of the schema,
/// ``finish()``. It owns its scratch, which later row groups reuse. Used by one thread at a time.
package struct RowGroupEncoder: ~Copyable {
    package let schema: ParquetSchema
    /// Rows of each page but a chunk's last.
    package let pageRows: Int

    private var rowCount = 0
    /// Where the row group begins in the output: the origin of its offsets.
    private var start = 0
    private var columns: [ColumnChunkMetadata] = []
    /// The body of the page being written.
    private var body = ByteBuffer()
    /// The body of the chunk's dictionary page.
    private var plain = ByteBuffer()
    private var pages = PageWriter()
    /// By column; unused for columns of numbers.
    private var dictionaries: [ChunkDictionary]
    private var translated: [UInt16]

    package init(schema: ParquetSchema, pageRows: Int = 65_536) {
        precondition(pageRows > 0)
        self.schema = schema
        self.pageRows = pageRows
        dictionaries = Array(repeating: ChunkDictionary(), count: schema.columns.count)
        translated = []
    }

    /// Begins a row group of `rowCount` rows, at least one, that will be appended to `output`.
    package mutating func begin(rowCount: Int, output: borrowing ByteBuffer) {
        precondition(rowCount > 0)
        self.rowCount = rowCount
        start = output.count
        columns.removeAll(keepingCapacity: true)
    }

    /// Appends the next column, of type ``ColumnType/timestampMicros`` or ``ColumnType/int64``.
    package mutating func encode(int64 values: UnsafeBufferPointer<Int64>, into output: inout ByteBuffer) {
        encode(integers: values, into: &output)
    }

    /// Appends the next column, of type ``ColumnType/int32``.
    package mutating func encode(int32 values: UnsafeBufferPointer<Int32>, into output: inout ByteBuffer) {
        encode(integers: values, into: &output)
    }

    /// The row group's metadata, with offsets from its first byte.
    package mutating func finish() -> RowGroupMetadata {
        precondition(columns.count == schema.columns.count, "every column is encoded")
        return RowGroupMetadata(rowCount: rowCount, columns: columns)
    }

    /// DELTA_BINARY_PACKED, or PLAIN where that is no larger.
    private mutating func encode<Value: ColumnInteger>(
        integers values: UnsafeBufferPointer<Value>, into output: inout ByteBuffer
    ) {
        var chunk = nextChunk(Value.physicalType, valueCount: values.count, output)
        let encoding: Encoding = DeltaEncoding.isSmallerThanPlain(values) ? .deltaBinaryPacked : .plain
        chunk.encodings = [encoding]
        var bounds = (min: Value.max, max: Value.min)
        for first in stride(from: 0, to: values.count, by: pageRows) {
            let page = UnsafeBufferPointer(rebasing: values[first..<min(first + pageRows, values.count)])
            guard let pageStart = page.baseAddress else { break }
            let (least, greatest) = Value.bounds(of: pageStart, count: page.count)
            bounds = (min(bounds.min, least), max(bounds.max, greatest))
            body.removeAll()
            if encoding == .plain {
                body.append(UnsafeRawBufferPointer(page))
            } else {
                DeltaEncoding.encode(page, into: &body)
            }
            if first == 0 { body.withUnsafeBytes { pages.chooseCodec(firstPage: $0) } }
            appendPage(
                .data(valueCount: page.count, encoding: encoding), firstRow: first,
                min: least.littleEndianBytes, max: greatest.littleEndianBytes, to: &chunk, &output)
        }
        chunk.min = bounds.min.littleEndianBytes
        chunk.max = bounds.max.littleEndianBytes
        finish(chunk, output)
    }

    /// Appends the next column, of type ``ColumnType/string``, as RLE_DICTIONARY: row i holds
    /// `names[codes[i]]`. Names are unique; the dictionary holds those that occur, in order.
    package mutating func encode(
        codes: UnsafeBufferPointer<UInt16>, names: [String], into output: inout ByteBuffer
    ) {
        var chunk = nextChunk(.byteArray, valueCount: codes.count, output)
        chunk.encodings = [.plain, .rleDictionary]
        let column = columns.count
        dictionaries[column].rebuild(for: codes, names: names)
        let entries = dictionaries[column].entries
        let width = HybridEncoding.bitWidth(dictionaryCount: entries.count)
        for first in stride(from: 0, to: codes.count, by: pageRows) {
            let page = UnsafeBufferPointer(rebasing: codes[first..<min(first + pageRows, codes.count)])
            let bounds = translate(page, column: column)
            encodeTranslated(page.count, width: width)
            if first == 0 { appendDictionary(entries, to: &chunk, &output) }
            appendPage(
                .data(valueCount: page.count, encoding: .rleDictionary), firstRow: first,
                min: entries[Int(bounds.min)], max: entries[Int(bounds.max)], to: &chunk, &output)
        }
        chunk.min = entries.first
        chunk.max = entries.last
        finish(chunk, output)
    }

    private mutating func translate(
        _ codes: UnsafeBufferPointer<UInt16>, column: Int
    ) -> (min: UInt16, max: UInt16) {
        if translated.count < codes.count {
            translated = Array(repeating: 0, count: min(pageRows, rowCount))
        }
        return translated.withUnsafeMutableBufferPointer { translated in
            dictionaries[column].translate(codes, into: .init(rebasing: translated[..<codes.count]))
        }
    }

    private mutating func encodeTranslated(_ count: Int, width: Int) {
        body.removeAll()
        translated.withUnsafeBufferPointer { translated in
            HybridEncoding.encode(.init(rebasing: translated[..<count]), width: width, into: &body)
        }
    }

    /// The dictionary page goes before the first data page, which waits in `body` and has chosen the codec.
    private mutating func appendDictionary(
        _ entries: [[UInt8]], to chunk: inout ColumnChunkMetadata, _ output: inout ByteBuffer
    ) {
        body.withUnsafeBytes { pages.chooseCodec(firstPage: $0) }
        plain.removeAll()
        for entry in entries {
            plain.append(littleEndian: UInt32(entry.count))
            plain.append(entry)
        }
        chunk.dictionaryPageOffset = UInt64(output.count - start)
        chunk.uncompressedByteCount += plain.withUnsafeBytes {
            pages.write(.dictionary(entryCount: entries.count), $0, into: &output)
        }
        chunk.dataPageOffset = UInt64(output.count - start)
    }

    private mutating func appendPage(
        _ kind: PageWriter.Kind, firstRow: Int, min: [UInt8], max: [UInt8],
        to chunk: inout ColumnChunkMetadata, _ output: inout ByteBuffer
    ) {
        let pageStart = output.count
        chunk.uncompressedByteCount += body.withUnsafeBytes { pages.write(kind, $0, into: &output) }
        chunk.pages.append(
            PageMetadata(
                offset: UInt64(pageStart - start), byteCount: output.count - pageStart, firstRow: firstRow,
                min: min, max: max))
    }

    private func nextChunk(
        _ type: PhysicalType, valueCount: Int, _ output: borrowing ByteBuffer
    ) -> ColumnChunkMetadata {
        precondition(columns.count < schema.columns.count, "more columns than the schema has")
        let column = schema.columns[columns.count]
        precondition(column.type.physicalType == type, "column \(column.name) is \(column.type)")
        precondition(valueCount == rowCount, "column \(column.name) has a value for every row")
        var chunk = ColumnChunkMetadata(name: column.name, type: type)
        chunk.valueCount = valueCount
        chunk.dataPageOffset = UInt64(output.count - start)
        return chunk
    }

    private mutating func finish(_ chunk: consuming ColumnChunkMetadata, _ output: borrowing ByteBuffer) {
        chunk.codec = pages.codec
        chunk.compressedByteCount = output.count - start - Int(chunk.offset)
        columns.append(chunk)
    }
}
