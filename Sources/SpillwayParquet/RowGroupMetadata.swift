/// Where the parts of a row group are, and between which values they lie.
///
/// Offsets count from an origin: the row group's first byte when it comes from ``RowGroupEncoder`` or from
/// ``init(parsing:within:)``, the file's in a ``ParquetFooter``. ``rebased(by:)`` goes from one to the other.
package struct RowGroupMetadata: Sendable, Hashable {
    /// At most 2³¹ − 1. What a file says is not bounded by its size, as a run of codes makes rows out of a few
    /// bytes: hold it against a budget before making room.
    package var rowCount: Int
    /// In the order of the schema.
    package var columns: [ColumnChunkMetadata]

    /// The same with every offset moved up by `distance`.
    package func rebased(by distance: UInt64) -> RowGroupMetadata {
        var result = self
        result.columns = columns.map { $0.rebased(by: distance) }
        return result
    }

    /// Whether the columns are those of `schema`.
    package func fits(_ schema: ParquetSchema) -> Bool {
        columns.elementsEqual(schema.columns) { $0.name == $1.name && $0.type == $1.type.physicalType }
    }

    /// Of all pages, with their headers.
    package var compressedByteCount: Int { columns.reduce(0) { $0 + $1.compressedByteCount } }
    /// Nothing checks what a file says of this one, so that the sum stops at the greatest number.
    package var uncompressedByteCount: Int {
        columns.reduce(0) { sum, column in
            let (sum, overflow) = sum.addingReportingOverflow(column.uncompressedByteCount)
            return overflow ? .max : sum
        }
    }
}

/// One column of a row group: a dictionary page, if there is one, and data pages, without gaps.
package struct ColumnChunkMetadata: Sendable, Hashable {
    package var name: String
    package var type: PhysicalType
    package var encodings: [Encoding] = []
    package var codec: Codec = .uncompressed
    package var valueCount = 0
    /// Both with page headers. The uncompressed one is informative.
    package var uncompressedByteCount = 0
    package var compressedByteCount = 0
    package var dataPageOffset: UInt64 = 0
    package var dictionaryPageOffset: UInt64?
    /// Least and greatest value as in PLAIN, without the length that goes before a string there; exact.
    /// Strings compare as unsigned bytes. Nil if the writer did not say.
    package var min: [UInt8]?
    package var max: [UInt8]?
    /// Data pages only. Empty until ``ParquetFooter/loadPageIndexes(from:)`` if this was read from a file.
    package var pages: [PageMetadata] = []
    /// Where a file has the indexes that fill ``pages``; counted from the file's first byte.
    package var columnIndex: Range<UInt64>?
    package var offsetIndex: Range<UInt64>?
    /// Where a file has the chunk's Bloom filter, header included; counted from the file's first byte.
    package var bloomFilter: Range<UInt64>?
    /// CRC-32C of the Bloom filter's bytes, which Parquet itself does not protect. Nil unless the file's owner has it
    /// from elsewhere: ``readBloomFilter(from:)`` then checks it.
    package var bloomFilterChecksum: UInt32?

    package init(name: String, type: PhysicalType) {
        self.name = name
        self.type = type
    }

    /// Of the first page.
    package var offset: UInt64 { dictionaryPageOffset ?? dataPageOffset }
    /// Of the chunk's bytes: what a decoder wants to be given.
    package var byteRange: Range<UInt64> { offset..<offset + UInt64(compressedByteCount) }

    /// The same with every offset moved up by `distance`.
    func rebased(by distance: UInt64) -> ColumnChunkMetadata {
        var result = self
        result.dataPageOffset += distance
        result.dictionaryPageOffset? += distance
        for index in pages.indices { result.pages[index].offset += distance }
        return result
    }
}

package struct PageMetadata: Sendable, Hashable {
    package var offset: UInt64
    /// With the header.
    package var byteCount: Int
    /// Counted from the row group's first row.
    package var firstRow: Int
    /// As in ``ColumnChunkMetadata/min``.
    package var min: [UInt8]
    package var max: [UInt8]
}

extension FixedWidthInteger {
    /// The value as PLAIN and statistics have it.
    package var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { [UInt8]($0) }
    }

    /// The value of a statistic; nil if it has another size.
    package init?(littleEndianBytes bytes: [UInt8]) {
        guard bytes.count == MemoryLayout<Self>.size else { return nil }
        self = bytes.withUnsafeBytes { Self(littleEndian: $0.loadUnaligned(as: Self.self)) }
    }
}

extension PhysicalType {
    /// What statistics of integers say; nil if they do not, or are of something else.
    package func integerRange(_ min: [UInt8]?, _ max: [UInt8]?) -> ClosedRange<Int64>? {
        func value(_ bytes: [UInt8]) -> Int64? {
            switch self {
            case .int32: Int32(littleEndianBytes: bytes).map(Int64.init)
            case .int64: Int64(littleEndianBytes: bytes)
            default: nil
            }
        }
        guard let least = min.flatMap(value), let greatest = max.flatMap(value), least <= greatest else { return nil }
        return least...greatest
    }
}
