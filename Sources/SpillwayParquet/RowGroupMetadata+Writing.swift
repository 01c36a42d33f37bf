import SpillwayPlatform

extension RowGroupMetadata {
    /// Appends this without a file around it: Thrift `RowGroup`, then `ColumnIndex` and `OffsetIndex` of each
    /// column. ``init(parsing:within:)`` reads it.
    package func serialize(into output: inout ByteBuffer) {
        var writer = ThriftWriter()
        write(to: &writer, ordinal: nil)
        for column in columns {
            column.writeColumnIndex(to: &writer)
            column.writeOffsetIndex(to: &writer)
        }
        output.append(writer.bytes)
    }

    /// parquet.thrift `RowGroup`.
    func write(to writer: inout ThriftWriter, ordinal: Int?) {
        writer.structure { group in
            group.field(1, list: columns, of: .structure) { $1.write(to: &$0) }
            group.field(2, i64: Int64(uncompressedByteCount))
            group.field(3, i64: Int64(rowCount))
            if let first = columns.first { group.field(5, i64: Int64(first.offset)) }
            group.field(6, i64: Int64(compressedByteCount))
            // Optional, and too narrow for files of many row groups.
            if let ordinal = ordinal.flatMap(Int16.init(exactly:)) { group.field(7, i16: ordinal) }
        }
    }
}

extension ColumnChunkMetadata {
    /// parquet.thrift `ColumnChunk`.
    fileprivate func write(to writer: inout ThriftWriter) {
        writer.structure { chunk in
            chunk.field(2, i64: 0)
            chunk.field(3) { writeMetadata(to: &$0) }
            if let offsetIndex {
                chunk.field(4, i64: Int64(offsetIndex.lowerBound))
                chunk.field(5, i32: Int32(offsetIndex.count))
            }
            if let columnIndex {
                chunk.field(6, i64: Int64(columnIndex.lowerBound))
                chunk.field(7, i32: Int32(columnIndex.count))
            }
        }
    }

    /// The fields of parquet.thrift `ColumnMetaData`.
    private func writeMetadata(to metadata: inout ThriftWriter) {
        metadata.field(1, i32: type.rawValue)
        metadata.field(2, list: encodings, of: .i32) { $0.append(zigzag: Int64($1.rawValue)) }
        metadata.field(3, list: [name], of: .binary) { $0.append(binary: $1.utf8) }
        metadata.field(4, i32: codec.rawValue)
        metadata.field(5, i64: Int64(valueCount))
        metadata.field(6, i64: Int64(uncompressedByteCount))
        metadata.field(7, i64: Int64(compressedByteCount))
        metadata.field(9, i64: Int64(dataPageOffset))
        if let dictionaryPageOffset { metadata.field(11, i64: Int64(dictionaryPageOffset)) }
        if let min, let max {
            metadata.field(12) { statistics in
                statistics.field(3, i64: 0)
                statistics.field(5, binary: max)
                statistics.field(6, binary: min)
                statistics.field(7, bool: true)
                statistics.field(8, bool: true)
            }
        }
        writeEncodingStats(to: &metadata)
        if let bloomFilter {
            metadata.field(14, i64: Int64(bloomFilter.lowerBound))
            metadata.field(15, i32: Int32(bloomFilter.count))
        }
    }

    /// Tells readers that a dictionary holds every value of the chunk, so that they can filter by it.
    private func writeEncodingStats(to metadata: inout ThriftWriter) {
        guard dictionaryPageOffset != nil, encodings == [.plain, .rleDictionary], !pages.isEmpty else {
            return
        }
        let counts = [(PageType.dictionary, Encoding.plain, 1), (.data, .rleDictionary, pages.count)]
        metadata.field(13, list: counts, of: .structure) { writer, count in
            writer.structure { stats in
                stats.field(1, i32: count.0.rawValue)
                stats.field(2, i32: count.1.rawValue)
                stats.field(3, i32: Int32(count.2))
            }
        }
    }

    /// parquet.thrift `ColumnIndex`.
    func writeColumnIndex(to writer: inout ThriftWriter) {
        writer.structure { index in
            index.field(1, list: pages, of: .false) { writer, _ in writer.append(bool: false) }
            index.field(2, list: pages, of: .binary) { $0.append(binary: $1.min) }
            index.field(3, list: pages, of: .binary) { $0.append(binary: $1.max) }
            index.field(4, i32: boundaryOrder.rawValue)
            index.field(5, list: pages, of: .i64) { writer, _ in writer.append(zigzag: 0) }
        }
    }

    /// parquet.thrift `OffsetIndex`.
    func writeOffsetIndex(to writer: inout ThriftWriter) {
        writer.structure { index in
            index.field(1, list: pages, of: .structure) { writer, page in
                writer.structure { location in
                    location.field(1, i64: Int64(page.offset))
                    location.field(2, i32: Int32(page.byteCount))
                    location.field(3, i64: Int64(page.firstRow))
                }
            }
        }
    }

    /// parquet.thrift `BoundaryOrder`.
    private enum BoundaryOrder: Int32 {
        case unordered, ascending, descending
    }

    /// Whether the pages' minima, and likewise their maxima, go up or down all along.
    private var boundaryOrder: BoundaryOrder {
        let neighbours = zip(pages, pages.dropFirst())
        if neighbours.allSatisfy({ !precedes($1.min, $0.min) && !precedes($1.max, $0.max) }) {
            return .ascending
        }
        if neighbours.allSatisfy({ !precedes($0.min, $1.min) && !precedes($0.max, $1.max) }) {
            return .descending
        }
        return .unordered
    }

    /// Whether one statistic is less than another, in the column's order.
    private func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        switch type {
        case .int32: (Int32(littleEndianBytes: a) ?? 0) < (Int32(littleEndianBytes: b) ?? 0)
        case .int64: (Int64(littleEndianBytes: a) ?? 0) < (Int64(littleEndianBytes: b) ?? 0)
        case .byteArray: a.lexicographicallyPrecedes(b)
        }
    }
}
