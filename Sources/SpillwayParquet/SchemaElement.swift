/// parquet.thrift `SchemaElement`, as it is read.
struct SchemaElement {
    private var physicalType: Int32?
    private var repetition: Int32?
    private var name = ""
    private var childCount: Int?
    private var convertedType: Int32?
    private var logicalType: LogicalType?

    /// parquet.thrift `LogicalType`, as far as it matters here.
    fileprivate enum LogicalType {
        case string
        case timestampMicros
        case signedInteger
        case other
    }

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var element = SchemaElement()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: element.physicalType = try reader.i32(field)
            case 3: element.repetition = try reader.i32(field)
            case 4: element.name = try reader.string(field)
            case 5: element.childCount = try reader.count32(field)
            case 6: element.convertedType = try reader.i32(field)
            case 10: element.logicalType = try LogicalType(field, &reader)
            default: try reader.skip(field)
            }
        }
        self = element
    }

    private init() {}

    /// The column that a leaf describes.
    fileprivate func column(_ reader: ThriftReader) throws(ParquetError) -> ParquetColumn {
        guard (childCount ?? 0) == 0 else { throw reader.unsupported("column \(name) is nested") }
        guard repetition == 0 else {
            throw reader.unsupported("column \(name) is not REQUIRED: it may hold nulls")
        }
        guard let type = columnType else {
            throw reader.unsupported(
                "column \(name) is no string, signed integer or timestamp in microseconds")
        }
        return ParquetColumn(name: name, type: type)
    }

    fileprivate var leafCount: Int? { childCount }

    private var columnType: ColumnType? {
        let annotation = logicalType ?? convertedType.map(LogicalType.init(convertedType:))
        switch (physicalType.flatMap(PhysicalType.init), annotation) {
        case (.byteArray, .string): return .string
        case (.int64, .timestampMicros): return .timestampMicros
        case (.int64, nil), (.int64, .signedInteger): return .int64
        case (.int32, nil), (.int32, .signedInteger): return .int32
        default: return nil
        }
    }
}

extension SchemaElement.LogicalType {
    fileprivate init(convertedType: Int32) {
        switch ConvertedType(rawValue: convertedType) {
        case .utf8: self = .string
        case .timestampMicros: self = .timestampMicros
        case .int8, .int16, .int32, .int64: self = .signedInteger
        case nil: self = .other
        }
    }

    fileprivate init(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws(ParquetError) {
        var type = Self.other
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                type = .string
                try reader.skip(field)
            case 8: if try Self.isMicros(field, &reader) { type = .timestampMicros }
            case 10: if try Self.isSigned(field, &reader) { type = .signedInteger }
            default: try reader.skip(field)
            }
        }
        self = type
    }

    /// parquet.thrift `TimestampType`. One that is not adjusted to UTC is taken for UTC.
    private static func isMicros(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) -> Bool {
        var isMicros = false
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            guard field.id == 2 else { return try reader.skip(field) }
            try reader.structure(field) { (reader, unit) throws(ParquetError) in
                isMicros = unit.id == 2
                try reader.skip(unit)
            }
        }
        return isMicros
    }

    /// parquet.thrift `IntType`.
    private static func isSigned(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) -> Bool {
        var isSigned = false
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            if field.id == 2 { isSigned = try reader.bool(field) } else { try reader.skip(field) }
        }
        return isSigned
    }
}

extension ParquetSchema {
    /// The root, then its leaves.
    init(_ elements: [SchemaElement], _ reader: ThriftReader) throws(ParquetError) {
        guard let root = elements.first, let leafCount = root.leafCount else {
            throw reader.damaged("schema without a root")
        }
        var columns: [ParquetColumn] = []
        for element in elements.dropFirst() { columns.append(try element.column(reader)) }
        guard columns.count == leafCount else {
            throw reader.damaged("the schema's root has \(leafCount) children, not \(columns.count)")
        }
        self.init(columns: columns)
    }
}
