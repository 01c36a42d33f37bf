/// What parquet.thrift `ColumnIndex` says of each data page of a chunk without nulls.
struct PageStatistics {
    var minima: [[UInt8]] = []
    var maxima: [[UInt8]] = []

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var result = (minima: [[UInt8]](), maxima: [[UInt8]]())
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 2:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    result.minima.append(try reader.binary())
                }
            case 3:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    result.maxima.append(try reader.binary())
                }
            default: try reader.skip(field)
            }
        }
        (minima, maxima) = result
    }
}

/// What parquet.thrift `OffsetIndex` says of each data page of a chunk.
struct PageLocations {
    struct Location {
        var offset: Int
        var byteCount: Int
        var firstRow: Int
    }
    var locations: [Location] = []

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var locations: [Location] = []
        try reader.structure { (reader, field) throws(ParquetError) in
            guard field.id == 1 else { return try reader.skip(field) }
            try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                locations.append(try Location(&reader))
            }
        }
        self.locations = locations
    }
}

extension PageLocations.Location {
    /// parquet.thrift `PageLocation`.
    fileprivate init(_ reader: inout ThriftReader) throws(ParquetError) {
        var (offset, byteCount, firstRow): (Int?, Int?, Int?)
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: offset = try reader.count64(field)
            case 2: byteCount = try reader.count32(field)
            case 3: firstRow = try reader.count64(field)
            default: try reader.skip(field)
            }
        }
        guard let offset, let byteCount, let firstRow else {
            throw reader.damaged("page location is incomplete")
        }
        self.init(offset: offset, byteCount: byteCount, firstRow: firstRow)
    }
}

extension ColumnChunkMetadata {
    /// Takes over pages.
    mutating func setPages(
        _ locations: PageLocations, _ statistics: PageStatistics?, rowCount: Int, _ reader: ThriftReader
    ) throws(ParquetError) {
        try check(
            locations, (statistics?.minima.count, statistics?.maxima.count), rowCount: rowCount, reader)
        pages = locations.locations.enumerated().map { index, location in
            PageMetadata(
                offset: UInt64(location.offset), byteCount: location.byteCount, firstRow: location.firstRow,
                min: statistics?.minima[index] ?? [], max: statistics?.maxima[index] ?? [])
        }
    }

    /// Pages have to lie within the chunk, one after the other, and begin at ascending rows.
    ///
    /// - Parameter statisticsCounts: of how many pages there are least and greatest values, if there are any.
    func check(
        _ locations: PageLocations, _ statisticsCounts: (minima: Int?, maxima: Int?), rowCount: Int,
        _ reader: ThriftReader
    ) throws(ParquetError) {
        let locations = locations.locations
        guard
            [statisticsCounts.minima, statisticsCounts.maxima].allSatisfy({ $0 ?? locations.count == locations.count })
        else {
            throw reader.damaged("column index and offset index of \(name) disagree on the number of pages")
        }
        var end = dataPageOffset
        var row = -1
        for (index, location) in locations.enumerated() {
            let offset = UInt64(location.offset)
            guard offset >= end, offset <= byteRange.upperBound,
                location.byteCount <= byteRange.upperBound - offset,
                location.firstRow > row, location.firstRow < rowCount, index > 0 || location.firstRow == 0
            else { throw reader.damaged("page \(index) of \(name) is out of place") }
            end = offset + UInt64(location.byteCount)
            row = location.firstRow
        }
    }
}
