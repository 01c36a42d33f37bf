internal import SpillwayParquet

/// parquet.thrift `SchemaElement`: a group, or a column of values.
struct SchemaNode {
    private(set) var name = ""
    private(set) var storedType: StoredType?
    private(set) var repetition = Repetition.required
    private(set) var childCount = 0
    private var convertedType: Int32?
    private var logicalType: LogicalType?

    /// parquet.thrift `FieldRepetitionType`.
    enum Repetition: Int32 {
        case required, optional, repeated
    }

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var node = SchemaNode()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                let code = try reader.i32(field)
                guard let type = StoredType(rawValue: code) else { throw reader.damaged("type number \(code)") }
                node.storedType = type
            case 3:
                let code = try reader.i32(field)
                guard let repetition = Repetition(rawValue: code) else {
                    throw reader.damaged("repetition number \(code)")
                }
                node.repetition = repetition
            case 4: node.name = try reader.string(field)
            case 5: node.childCount = try reader.count32(field)
            case 6: node.convertedType = try reader.i32(field)
            case 10: node.logicalType = try LogicalType(field, &reader)
            default: try reader.skip(field)
            }
        }
        self = node
    }

    private init() {}

    /// What a column's values mean. The newer annotation counts, if a file has both.
    var type: InterchangeType {
        let annotation = logicalType ?? convertedType.map { LogicalType(convertedType: $0) }
        switch (storedType, annotation) {
        case (.int32, nil), (.int64, nil), (.int32, .integer(isSigned: true)), (.int64, .integer(isSigned: true)):
            return .signed
        case (.int32, .integer(isSigned: false)), (.int64, .integer(isSigned: false)): return .unsigned
        case (.int64, .timestamp(let unit)): return .timestamp(unit)
        // LogicalTypes.md knows it no more, but Impala, Hive and older Sparks wrote nothing else.
        case (.int96, nil): return .timestamp(.microseconds)
        case (.int32, .date): return .date
        case (.float, nil), (.double, nil): return .real
        // Without an annotation it may be anything; as text it is refused where it is no UTF-8.
        case (.byteArray, .text), (.byteArray, nil): return .text
        case (_?, .nothing): return .nothing
        case (.boolean, _): return .other("boolean")
        case (.fixedLengthByteArray, .other(let name)), (.int32, .other(let name)), (.int64, .other(let name)),
            (.byteArray, .other(let name)):
            return .other(name)
        case (.fixedLengthByteArray, _): return .other("fixed-length binary")
        case (nil, _): return .other("group")
        default: return .other("value of a type that contradicts itself")
        }
    }
}

/// parquet.thrift `LogicalType`, and the `ConvertedType` that came before it.
private enum LogicalType {
    case text
    case integer(isSigned: Bool)
    case timestamp(TimestampUnit)
    case date
    case nothing
    case other(String)

    init(convertedType: Int32) {
        switch convertedType {
        // UTF8, ENUM, JSON
        case 0, 4, 19: self = .text
        case 5: self = .other("decimal")
        case 6: self = .date
        case 7, 8: self = .other("time of day")
        case 9: self = .timestamp(.milliseconds)
        case 10: self = .timestamp(.microseconds)
        case 11...14: self = .integer(isSigned: false)
        case 15...18: self = .integer(isSigned: true)
        default: self = .other("value of converted type \(convertedType)")
        }
    }

    init(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws(ParquetError) {
        var type = Self.other("value of an unknown type")
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 8: type = .timestamp(try Self.unit(field, &reader))
            case 10: type = .integer(isSigned: try Self.isSigned(field, &reader))
            default:
                type = Self.plain(field.id)
                try reader.skip(field)
            }
        }
        self = type
    }

    /// Members of the union whose parameters do not matter.
    private static func plain(_ id: Int) -> LogicalType {
        switch id {
        // STRING, ENUM, JSON
        case 1, 4, 12: .text
        case 5: .other("decimal")
        case 6: .date
        case 7: .other("time of day")
        case 11: .nothing
        case 14: .other("UUID")
        default: .other("value of logical type \(id)")
        }
    }

    /// parquet.thrift `TimestampType`.
    private static func unit(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) -> TimestampUnit {
        var unit: TimestampUnit?
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            guard field.id == 2 else { return try reader.skip(field) }
            try reader.structure(field) { (reader, member) throws(ParquetError) in
                switch member.id {
                case 1: unit = .milliseconds
                case 2: unit = .microseconds
                case 3: unit = .nanoseconds
                default: break
                }
                try reader.skip(member)
            }
        }
        guard let unit else { throw reader.damaged("timestamp without a unit") }
        return unit
    }

    /// parquet.thrift `IntType`.
    private static func isSigned(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) -> Bool {
        var isSigned = true
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            if field.id == 2 { isSigned = try reader.bool(field) } else { try reader.skip(field) }
        }
        return isSigned
    }
}
