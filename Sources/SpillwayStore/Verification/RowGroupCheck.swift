import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Holds a row group against what describes it: pages, statistics, the domain of each column. Used by one thread at a
/// time; its memory is reused.
final class RowGroupCheck {
    struct Finding: Hashable {
        var offset: UInt64
        var problem: String
    }

    let columns = RowGroupColumns()
    private var counter = RollupCounter()
    private var findings: [Finding] = []

    /// Everything that is wrong with a row group.
    ///
    /// - Parameters:
    ///   - rowGroup: With offsets from the file's first byte, and its pages.
    ///   - bytes: Of the file, from `offset` on.
    func findings(
        in rowGroup: RowGroupMetadata, _ bytes: UnsafeRawBufferPointer, at offset: UInt64
    ) -> [Finding] {
        findings = []
        guard rowGroup.columns.map(\.name) == SegmentColumn.allCases.map(\.name),
            rowGroup.rowCount <= SegmentFooter.maximumRowGroupRows
        else { return [Finding(offset: offset, problem: "a row group does not have a segment's columns")] }
        columns.begin(rowGroup)
        var end = offset
        for column in SegmentColumn.allCases {
            let chunk = rowGroup.columns[column.rawValue]
            guard chunk.offset == end, chunk.byteRange.upperBound <= offset + UInt64(bytes.count),
                chunk.type == column.type.physicalType
            else {
                return [Finding(offset: end, problem: "column \(column.name) is not where its metadata says")]
            }
            end = chunk.byteRange.upperBound
            let range = Int(chunk.offset - offset)..<Int(end - offset)
            check(column, chunk, UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        if end != offset + UInt64(bytes.count) { add(end, "bytes that belong to no page") }
        if findings.isEmpty { checkRegions(rowGroup) }
        return findings
    }

    /// Counts the rows of a row group that nothing was found wrong with.
    func countRows() -> Rollup? { columns.countRows(with: &counter) }

    private func add(_ offset: UInt64, _ problem: String) {
        findings.append(Finding(offset: offset, problem: problem))
    }

    private func check(_ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ bytes: UnsafeRawBufferPointer) {
        do throws(ParquetError) {
            try columns.decode(column, chunk, bytes)
            try checkPages(column, chunk, chunk.pagePlaces(in: bytes))
        } catch {
            // A header that is read wrongly can lead beyond the chunk.
            let place = min(error.offset ?? chunk.offset, max(chunk.byteRange.upperBound, 1) - 1)
            return add(max(place, chunk.offset), "column \(column.name): \(error.problem)")
        }
        switch column {
        case .registeredAt: columns.registeredAt.withUnsafeBufferPointer { checkValues(column, chunk, $0) }
        case .identity: columns.identities.withUnsafeBufferPointer { checkValues(column, chunk, $0) }
        case .latencyUs:
            columns.latencyUs.withUnsafeBufferPointer { checkValues(column, chunk, $0) }
            if chunk.min.flatMap({ Int32(littleEndianBytes: $0) }) ?? 0 < 0 {
                add(chunk.offset, "a latency is below 0")
            }
        case .country, .region, .platform, .source:
            columns.withCodes(of: column) { checkCodes(column, chunk, $0) }
        }
    }

    /// Headers, offset index and row counts agree, and every page has a checksum.
    private func checkPages(_ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ places: [PagePlace]) {
        let pages = places.filter { !$0.isDictionary }
        for place in places where !place.hasChecksum {
            add(place.offset, "a page of column \(column.name) has no checksum")
        }
        for place in places where place.hasChecksum && !place.hasPlainHeader {
            add(place.offset, "the header of a page of column \(column.name) is not as it was written")
        }
        let rows = chunk.pages.indices.map { rowRange(ofPage: $0, chunk).count }
        guard pages.map(\.offset) == chunk.pages.map(\.offset), pages.map(\.byteCount) == chunk.pages.map(\.byteCount),
            pages.map(\.valueCount) == rows
        else { return add(chunk.offset, "the page index of column \(column.name) does not agree with its pages") }
    }

    private func rowRange(ofPage page: Int, _ chunk: ColumnChunkMetadata) -> Range<Int> {
        let next = page + 1 < chunk.pages.count ? chunk.pages[page + 1].firstRow : columns.rowCount
        return chunk.pages[page].firstRow..<next
    }

    /// Statistics are the least and the greatest value, of each page and of the chunk.
    private func checkValues<Value: ColumnInteger>(
        _ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ values: UnsafeBufferPointer<Value>
    ) {
        var bounds = (min: Value.max, max: Value.min)
        for (index, page) in chunk.pages.enumerated() {
            let part = UnsafeBufferPointer(rebasing: values[rowRange(ofPage: index, chunk)])
            guard let start = part.baseAddress else { continue }
            let (least, greatest) = Value.bounds(of: start, count: part.count)
            bounds = (min(bounds.min, least), max(bounds.max, greatest))
            if page.min != least.littleEndianBytes || page.max != greatest.littleEndianBytes {
                add(page.offset, "the statistics of a page of column \(column.name) are not those of its values")
            }
        }
        if chunk.min != bounds.min.littleEndianBytes || chunk.max != bounds.max.littleEndianBytes {
            add(chunk.offset, "the statistics of column \(column.name) are not those of its values")
        }
    }

    private func checkCodes(
        _ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ codes: UnsafeBufferPointer<UInt16>
    ) {
        let names = columns.names(of: column)
        let bytes = names.map { Array($0.utf8) }
        if zip(bytes, bytes.dropFirst()).contains(where: { !$0.lexicographicallyPrecedes($1) }) {
            add(chunk.offset, "the dictionary of column \(column.name) is not in order")
        }
        for name in names where !column.holds(name) {
            add(chunk.offset, "column \(column.name) holds '\(name)'")
        }
        // Entries are in order, so that codes compare as what they stand for.
        var bounds = (min: UInt16.max, max: UInt16.min)
        for (index, page) in chunk.pages.enumerated() {
            let part = codes[rowRange(ofPage: index, chunk)]
            guard let least = part.min(), let greatest = part.max() else { continue }
            bounds = (min(bounds.min, least), max(bounds.max, greatest))
            if page.min != bytes[Int(least)] || page.max != bytes[Int(greatest)] {
                add(page.offset, "the statistics of a page of column \(column.name) are not those of its values")
            }
        }
        if bounds.min <= bounds.max, chunk.min != bytes[Int(bounds.min)] || chunk.max != bytes[Int(bounds.max)] {
            add(chunk.offset, "the statistics of column \(column.name) are not those of its values")
        }
    }

    /// Each row's region is that of its country.
    private func checkRegions(_ rowGroup: RowGroupMetadata) {
        let regions = columns.names(of: .region)
        let expected = columns.names(of: .country).map { name -> UInt16 in
            let region = Country(name)?.region?.rawValue
            return regions.firstIndex { $0 == region }.flatMap { UInt16(exactly: $0) } ?? .max
        }
        let row = columns.withCodes(of: .country) { countries in
            columns.withCodes(of: .region) { regions in
                countries.indices.first { regions[$0] != expected[Int(countries[$0])] }
            }
        }
        guard let row else { return }
        add(
            rowGroup.columns[SegmentColumn.region.rawValue].offset,
            "row \(row) of a row group is in a region that its country is not in")
    }
}

extension SegmentColumn {
    /// Whether a column of names can hold `name`.
    fileprivate func holds(_ name: String) -> Bool {
        switch self {
        case .country: Country(name) != nil
        case .region: Region(rawValue: name) != nil
        case .platform, .source: !name.isEmpty && name.utf8.count <= Label.maximumByteCount
        case .registeredAt, .identity, .latencyUs: false
        }
    }
}
