/// What a column holds. Every column is REQUIRED: it has no nulls and no nesting.
package enum ColumnType: Sendable, Hashable {
    /// INT64, microseconds since 1970 in UTC.
    case timestampMicros
    case int64
    case int32
    /// BYTE_ARRAY of UTF-8.
    case string

    package var physicalType: PhysicalType {
        switch self {
        case .timestampMicros, .int64: .int64
        case .int32: .int32
        case .string: .byteArray
        }
    }
}

/// parquet.thrift `Type`, as far as it is known here.
package enum PhysicalType: Int32, Sendable, Hashable {
    case int32 = 1
    case int64 = 2
    case byteArray = 6
}

package struct ParquetColumn: Sendable, Hashable {
    package var name: String
    package var type: ColumnType

    package init(name: String, type: ColumnType) {
        self.name = name
        self.type = type
    }
}

package struct ParquetSchema: Sendable, Hashable {
    package var columns: [ParquetColumn]

    package init(columns: [ParquetColumn]) {
        self.columns = columns
    }
}

/// parquet.thrift `Encoding`.
package struct Encoding: RawRepresentable, Sendable, Hashable {
    package var rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let plain = Encoding(rawValue: 0)
    /// What version 1 of the format called ``rleDictionary``.
    package static let plainDictionary = Encoding(rawValue: 2)
    package static let rle = Encoding(rawValue: 3)
    package static let deltaBinaryPacked = Encoding(rawValue: 5)
    package static let rleDictionary = Encoding(rawValue: 8)
}

/// parquet.thrift `CompressionCodec`.
package struct Codec: RawRepresentable, Sendable, Hashable {
    package var rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let uncompressed = Codec(rawValue: 0)
    package static let lz4Raw = Codec(rawValue: 7)
}

/// parquet.thrift `PageType`.
package enum PageType: Int32, Sendable {
    case data = 0
    case dictionary = 2
    case dataV2 = 3
}
