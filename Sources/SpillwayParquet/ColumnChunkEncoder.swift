import SpillwayPlatform

/// One column of the row group being encoded: its pages so far, and what describes them.
final class ColumnChunkEncoder {
    private let column: ParquetColumn
    private let pageRows: Int
    /// Offsets count from the chunk's first byte.
    private var metadata: ColumnChunkMetadata
    private var bytes = ByteBuffer()
    /// Of a column of strings.
    private var dictionary = ChunkDictionary()
    /// A page's codes as indexes into the dictionary.
    private var ranks: [UInt16] = []

    init(_ column: ParquetColumn, pageRows: Int) {
        self.column = column
        self.pageRows = pageRows
        metadata = ColumnChunkMetadata(name: column.name, type: column.type.physicalType)
    }

    var name: String { column.name }
    var rowCount: Int { metadata.valueCount }
    var byteCount: Int { bytes.count }

    /// Takes memory for so many rows, as large as most are once they are encoded.
    func populate(rowCount: Int) {
        let usualBitsPerRow =
            switch metadata.type {
            case .int64: 32
            case .int32: 24
            case .byteArray: 4
            }
        bytes.populate(byteCount: rowCount * usualBitsPerRow / 8)
    }

    func begin() {
        metadata = ColumnChunkMetadata(name: column.name, type: column.type.physicalType)
        bytes.removeAll()
    }

    /// Appends the chunk to a row group that begins at `start` of the output; its offsets count from there.
    func finish(into output: inout ByteBuffer, from start: Int) -> ColumnChunkMetadata {
        metadata.compressedByteCount = bytes.count
        let distance = UInt64(output.count - start)
        bytes.withUnsafeBytes { output.append($0) }
        return metadata.rebased(by: distance)
    }

    private func appendPage(
        _ kind: PageWriter.Kind, rows: Int, min: [UInt8], max: [UInt8], with pages: inout PageWriter
    ) {
        let offset = bytes.count
        metadata.uncompressedByteCount += pages.write(kind, metadata.codec, into: &bytes)
        metadata.pages.append(
            PageMetadata(
                offset: UInt64(offset), byteCount: bytes.count - offset, firstRow: metadata.valueCount,
                min: min, max: max))
        metadata.valueCount += rows
    }
}

// MARK: Integers
extension ColumnChunkEncoder {
    /// DELTA_BINARY_PACKED, or PLAIN where that is no larger, judged by the chunk's first values.
    func append<Value: ColumnInteger>(_ values: UnsafeBufferPointer<Value>, with pages: inout PageWriter) {
        precondition(metadata.type == Value.physicalType, "column \(column.name) is \(column.type)")
        precondition(rowCount % pageRows == 0, "only a column's last page is shorter than others")
        if metadata.encodings.isEmpty {
            metadata.encodings = [DeltaEncoding.isSmallerThanPlain(values) ? .deltaBinaryPacked : .plain]
        }
        for first in stride(from: 0, to: values.count, by: pageRows) {
            appendPage(of: values[first..<min(first + pageRows, values.count)], with: &pages)
        }
    }

    private func appendPage<Value: ColumnInteger>(
        of values: Slice<UnsafeBufferPointer<Value>>, with pages: inout PageWriter
    ) {
        let values = UnsafeBufferPointer(rebasing: values)
        guard let start = values.baseAddress else { return }
        let bounds = Value.bounds(of: start, count: values.count)
        let encoding = metadata.encodings[0]
        pages.body.removeAll()
        if encoding == .plain {
            pages.body.append(UnsafeRawBufferPointer(values))
        } else {
            DeltaEncoding.encode(values, into: &pages.body)
        }
        if rowCount == 0 { metadata.codec = pages.codecOfBody() }
        widenBounds(bounds.min, bounds.max)
        appendPage(
            .data(valueCount: values.count, encoding: encoding), rows: values.count,
            min: bounds.min.littleEndianBytes, max: bounds.max.littleEndianBytes, with: &pages)
    }

    private func widenBounds<Value: ColumnInteger>(_ least: Value, _ greatest: Value) {
        let (min, max) = (metadata.min.flatMap(Value.init), metadata.max.flatMap(Value.init))
        metadata.min = Swift.min(min ?? least, least).littleEndianBytes
        metadata.max = Swift.max(max ?? greatest, greatest).littleEndianBytes
    }
}

// MARK: Strings
extension ColumnChunkEncoder {
    /// RLE_DICTIONARY. The dictionary holds the names that occur, in order.
    func encode(_ codes: UnsafeBufferPointer<UInt16>, _ names: [String], with pages: inout PageWriter) {
        beginStrings()
        dictionary.rebuild(for: codes, names: names)
        if ranks.count < pageRows { ranks = Array(repeating: 0, count: pageRows) }
        let width = HybridEncoding.bitWidth(dictionaryCount: dictionary.entries.count)
        for first in stride(from: 0, to: codes.count, by: pageRows) {
            let page = UnsafeBufferPointer(rebasing: codes[first..<min(first + pageRows, codes.count)])
            let bounds = ranks.withUnsafeMutableBufferPointer { ranks in
                let ranks = UnsafeMutableBufferPointer(rebasing: ranks[..<page.count])
                let bounds = dictionary.translate(page, into: ranks)
                pages.body.removeAll()
                HybridEncoding.encode(UnsafeBufferPointer(ranks), width: width, into: &pages.body)
                return bounds
            }
            appendPage(rows: page.count, bounds, with: &pages)
        }
    }

    func encode(_ runs: [CodeRun], _ names: [String], with pages: inout PageWriter) {
        beginStrings()
        dictionary.rebuild(for: runs, names: names)
        let width = HybridEncoding.bitWidth(dictionaryCount: dictionary.entries.count)
        for page in runs.map({ CodeRun(dictionary.ranks[Int($0.code)], count: $0.count) }).divided(by: pageRows) {
            pages.body.removeAll()
            HybridEncoding.encode(page, width: width, into: &pages.body)
            let codes = page.map(\.code)
            guard let least = codes.min(), let greatest = codes.max() else { continue }
            appendPage(rows: page.reduce(0) { $0 + $1.count }, (least, greatest), with: &pages)
        }
    }

    private func beginStrings() {
        precondition(metadata.type == .byteArray, "column \(column.name) is \(column.type)")
        precondition(rowCount == 0, "strings are given at once")
        metadata.encodings = [.plain, .rleDictionary]
    }

    /// The page is encoded already. The dictionary goes before the first one, which chooses the codec.
    private func appendPage(rows: Int, _ bounds: (min: UInt16, max: UInt16), with pages: inout PageWriter) {
        if rowCount == 0 {
            metadata.codec = pages.codecOfBody()
            metadata.dictionaryPageOffset = 0
            metadata.uncompressedByteCount += pages.write(
                dictionary: dictionary.entries, metadata.codec, into: &bytes)
            metadata.dataPageOffset = UInt64(bytes.count)
            metadata.min = dictionary.entries.first
            metadata.max = dictionary.entries.last
        }
        appendPage(
            .data(valueCount: rows, encoding: .rleDictionary), rows: rows,
            min: dictionary.entries[Int(bounds.min)], max: dictionary.entries[Int(bounds.max)], with: &pages)
    }
}
