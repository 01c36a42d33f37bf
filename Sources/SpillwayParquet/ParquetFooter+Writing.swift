import SpillwayPlatform

extension ParquetFooter {
    /// Appends what makes a Parquet file of `fileOffset` bytes that begin with the magic and hold the row
    /// groups: Bloom filters, column indexes, offset indexes, metadata, its length, the magic.
    ///
    /// - Parameter bloomFilters: By column, the filter of its chunk in each row group.
    /// - Returns: how many of the bytes are filters; the column indexes begin behind them.
    @discardableResult
    package func serialize(
        at fileOffset: UInt64, bloomFilters: [Int: [BloomFilter]] = [:], into output: inout ByteBuffer
    ) -> Int {
        let start = output.count
        var indexed = self
        indexed.appendBloomFilters(bloomFilters, at: fileOffset, start, &output)
        let filterByteCount = output.count - start
        indexed.appendIndexes(\.columnIndex, at: fileOffset, start, &output) { $0.writeColumnIndex(to: &$1) }
        indexed.appendIndexes(\.offsetIndex, at: fileOffset, start, &output) { $0.writeOffsetIndex(to: &$1) }
        var writer = ThriftWriter()
        indexed.write(to: &writer)
        output.append(writer.bytes)
        output.append(littleEndian: UInt32(writer.bytes.count))
        output.append(Self.magic)
        return filterByteCount
    }

    /// Appends the filters, and notes where each one is. (BloomFilter.md, "File Format": after the row groups, before
    /// the page indexes.)
    private mutating func appendBloomFilters(
        _ filters: [Int: [BloomFilter]], at fileOffset: UInt64, _ start: Int, _ output: inout ByteBuffer
    ) {
        precondition(filters.values.allSatisfy { $0.count == rowGroups.count }, "a filter for each row group")
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                rowGroups[group].columns[column].bloomFilter = nil
                guard let filter = filters[column]?[group] else { continue }
                let offset = fileOffset + UInt64(output.count - start)
                filter.serialize(into: &output)
                rowGroups[group].columns[column].bloomFilter = offset..<fileOffset + UInt64(output.count - start)
            }
        }
    }

    /// Appends an index of every chunk whose pages are known, and notes where each one is.
    private mutating func appendIndexes(
        _ place: WritableKeyPath<ColumnChunkMetadata, Range<UInt64>?>, at fileOffset: UInt64, _ start: Int,
        _ output: inout ByteBuffer, _ write: (ColumnChunkMetadata, inout ThriftWriter) -> Void
    ) {
        var writer = ThriftWriter()
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                rowGroups[group].columns[column][keyPath: place] = nil
                let chunk = rowGroups[group].columns[column]
                if chunk.pages.isEmpty { continue }
                writer.removeAll()
                write(chunk, &writer)
                let offset = fileOffset + UInt64(output.count - start)
                output.append(writer.bytes)
                rowGroups[group].columns[column][keyPath: place] =
                    offset..<offset + UInt64(writer.bytes.count)
            }
        }
    }

    /// parquet.thrift `FileMetaData`.
    private func write(to writer: inout ThriftWriter) {
        writer.structure { file in
            file.field(1, i32: 1)
            file.field(2, list: [nil] + schema.columns, of: .structure) { writer, column in
                if let column {
                    column.write(to: &writer)
                } else {
                    writeRoot(to: &writer)
                }
            }
            file.field(3, i64: Int64(rowCount))
            file.field(4, list: rowGroups.indices, of: .structure) { writer, index in
                rowGroups[index].write(to: &writer, ordinal: index)
            }
            if !keyValueMetadata.isEmpty {
                file.field(5, list: keyValueMetadata.sorted { $0.key < $1.key }, of: .structure) {
                    writer, entry in
                    writer.structure {
                        $0.field(1, binary: entry.key.utf8)
                        $0.field(2, binary: entry.value.utf8)
                    }
                }
            }
            file.field(6, binary: createdBy.utf8)
            // TypeDefinedOrder for every column: without it, statistics mean nothing.
            file.field(7, list: schema.columns, of: .structure) { writer, _ in
                writer.structure { $0.field(1) { _ in } }
            }
        }
    }

    /// parquet.thrift `SchemaElement` of the root.
    private func writeRoot(to writer: inout ThriftWriter) {
        writer.structure { root in
            root.field(4, binary: "schema".utf8)
            root.field(5, i32: Int32(schema.columns.count))
        }
    }
}

extension ParquetColumn {
    /// parquet.thrift `SchemaElement`, REQUIRED.
    fileprivate func write(to writer: inout ThriftWriter) {
        writer.structure { element in
            element.field(1, i32: type.physicalType.rawValue)
            element.field(3, i32: 0)
            element.field(4, binary: name.utf8)
            switch type {
            case .int64, .int32: break
            case .string:
                element.field(6, i32: ConvertedType.utf8.rawValue)
                element.field(10) { $0.field(1) { _ in } }
            case .timestampMicros:
                element.field(6, i32: ConvertedType.timestampMicros.rawValue)
                element.field(10) { logical in
                    logical.field(8) { timestamp in
                        timestamp.field(1, bool: true)
                        timestamp.field(2) { unit in unit.field(2) { _ in } }
                    }
                }
            }
        }
    }
}

/// parquet.thrift `ConvertedType`, as far as it is known here.
enum ConvertedType: Int32 {
    case utf8 = 0
    case timestampMicros = 10
    case int8 = 15
    case int16, int32, int64
}
