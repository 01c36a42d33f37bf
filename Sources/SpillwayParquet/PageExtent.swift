import SpillwayPlatform

/// Where a data page of a chunk is: what a look-up needs to know of it, which reads many indexes for a few pages.
package struct PageExtent: Sendable {
    /// Counted from the row group's first row.
    package var rows: Range<Int>
    package var offset: UInt64
    /// With the header.
    package var byteCount: Int
    /// Between its least and its greatest value; nil if that is not known, or no integer.
    package var range: ClosedRange<Int64>?
}

extension ColumnChunkMetadata {
    /// Where the chunk's data pages are, from ``pages`` or else from the file; none if it does not have both indexes.
    ///
    /// - Parameter withRanges: Whether to say what those of an ``PhysicalType/int64`` lie between.
    package func pageExtents(from file: any File, withRanges: Bool) throws(ParquetError) -> [PageExtent] {
        guard pages.isEmpty else {
            return pages.indices.map { index in
                PageExtent(
                    rows: rows(ofPage: index, of: pages.count) { pages[$0].firstRow }, offset: pages[index].offset,
                    byteCount: pages[index].byteCount,
                    range: withRanges && type == .int64 ? type.integerRange(pages[index].min, pages[index].max) : nil)
            }
        }
        guard let columnIndex, let offsetIndex else { return [] }
        var statistics: IntegerPageStatistics?
        if withRanges, type == .int64 {
            statistics = try file.bytes(in: columnIndex).withUnsafeBytes { (bytes) throws(ParquetError) in
                var reader = ThriftReader(ByteReader(bytes, fileOffset: columnIndex.lowerBound))
                return try IntegerPageStatistics(&reader)
            }
        }
        return try file.bytes(in: offsetIndex).withUnsafeBytes { (bytes) throws(ParquetError) in
            var reader = ThriftReader(ByteReader(bytes, fileOffset: offsetIndex.lowerBound))
            let places = try PageLocations(&reader)
            try check(places, (statistics?.minima.count, statistics?.maxima.count), rowCount: valueCount, reader)
            let locations = places.locations
            return locations.indices.map { index in
                PageExtent(
                    rows: rows(ofPage: index, of: locations.count) { locations[$0].firstRow },
                    offset: UInt64(locations[index].offset), byteCount: locations[index].byteCount,
                    range: statistics?.range(of: index))
            }
        }
    }

    private func rows(ofPage index: Int, of count: Int, firstRow: (Int) -> Int) -> Range<Int> {
        firstRow(index)..<(index + 1 < count ? firstRow(index + 1) : valueCount)
    }
}

/// What parquet.thrift `ColumnIndex` says of each data page of a chunk of ``PhysicalType/int64``.
private struct IntegerPageStatistics {
    /// Nil where the file has something else.
    var minima: [Int64?] = []
    var maxima: [Int64?] = []

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var result = (minima: [Int64?](), maxima: [Int64?]())
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 2:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    result.minima.append(try reader.int64Statistic())
                }
            case 3:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    result.maxima.append(try reader.int64Statistic())
                }
            default: try reader.skip(field)
            }
        }
        (minima, maxima) = result
    }

    /// Of a page; nil if that is not known.
    func range(of page: Int) -> ClosedRange<Int64>? {
        guard let least = minima[page], let greatest = maxima[page], least <= greatest else { return nil }
        return least...greatest
    }
}
