internal import SpillwayParquet

/// Decodes the values of one column's pages, of which each may have another encoding (Encodings.md).
struct ValueDecoder {
    private let column: InterchangeColumn
    private var hasDictionary = false
    /// Of a column of numbers; of text, ``ColumnVector/texts`` begins with it.
    private var integers: [Int64] = []
    private var textCount = 0

    init(_ column: InterchangeColumn) { self.column = column }

    private var isText: Bool { column.storedType == .byteArray }

    mutating func readDictionary(
        _ header: PageHeader, _ reader: inout ByteReader, _ vector: inout ColumnVector
    ) throws(ParquetError) {
        guard !hasDictionary else { throw reader.damaged("a second dictionary") }
        guard header.encoding == .plain || header.encoding == .plainDictionary else {
            throw reader.unsupported("a dictionary in encoding \(header.encoding.rawValue)")
        }
        hasDictionary = true
        let count = header.valueCount
        if isText {
            try TextDecoding.plain(&reader, count: count, 0..<count, into: &vector.texts)
            textCount = count
        } else {
            integers = try NumberDecoding.plain(&reader, count: count, column)
        }
    }

    /// Appends the `wanted` ones of `count` values to the rows that have one.
    mutating func decode(
        _ reader: inout ByteReader, _ header: PageHeader, count: Int, _ wanted: Range<Int>,
        _ isPresent: ArraySlice<Bool>, _ vector: inout ColumnVector
    ) throws(ParquetError) {
        // Where there are none, some writers leave even the width of codes out.
        if wanted.isEmpty {
            return isText ? vector.append(codes: [], isPresent) : vector.append(integers: [], isPresent)
        }
        let isDictionary = header.encoding == .rleDictionary || header.encoding == .plainDictionary
        if isText {
            let codes =
                isDictionary
                ? try self.codes(&reader, count, textCount, wanted)
                : try texts(&reader, header.encoding, count, wanted, &vector)
            vector.append(codes: codes, isPresent)
        } else {
            let values =
                isDictionary
                ? try codes(&reader, count, integers.count, wanted).map { integers[Int($0)] }
                : Array(try NumberDecoding.decode(&reader, header.encoding, count: count, column)[wanted])
            vector.append(integers: values, isPresent)
        }
    }

    private func codes(
        _ reader: inout ByteReader, _ count: Int, _ codeCount: Int, _ wanted: Range<Int>
    ) throws(ParquetError) -> [UInt32] {
        guard hasDictionary else { throw reader.damaged("codes without a dictionary") }
        var codes: [UInt32] = []
        codes.reserveCapacity(wanted.count)
        var next = 0
        try HybridDecoding.forEachBlock(&reader, count: count, width: nil, codeCount: codeCount) { block in
            switch block {
            case .run(let code, let count):
                let part = wanted.clamped(to: next..<next + count)
                codes.append(contentsOf: repeatElement(code, count: part.count))
                next += count
            case .codes(let block):
                let part = wanted.clamped(to: next..<next + block.count)
                if !part.isEmpty { codes.append(contentsOf: block[part.lowerBound - next..<part.upperBound - next]) }
                next += block.count
            }
        }
        return codes
    }

    /// Texts that no dictionary has get numbers of their own.
    private func texts(
        _ reader: inout ByteReader, _ encoding: Encoding, _ count: Int, _ wanted: Range<Int>,
        _ vector: inout ColumnVector
    ) throws(ParquetError) -> [UInt32] {
        let first = vector.texts.count
        switch encoding {
        case .plain: try TextDecoding.plain(&reader, count: count, wanted, into: &vector.texts)
        case .deltaLengthByteArray: try TextDecoding.deltaLength(&reader, count: count, wanted, into: &vector.texts)
        case .deltaByteArray: try TextDecoding.delta(&reader, count: count, wanted, into: &vector.texts)
        default: throw reader.unsupported("encoding \(encoding.rawValue) of strings")
        }
        return (first..<vector.texts.count).map { UInt32($0) }
    }
}

extension Encoding {
    static let deltaLengthByteArray = Encoding(rawValue: 6)
    static let deltaByteArray = Encoding(rawValue: 7)
    static let byteStreamSplit = Encoding(rawValue: 9)
}
