/// What the values of a column mean, whatever bytes a file has for them.
package enum InterchangeType: Sendable, Hashable {
    /// Whole numbers of up to 64 bits.
    case signed
    /// The same without a sign; values are the bits.
    case unsigned
    /// Values are the bits of a `Double`.
    case real
    /// Since 1970. A file that does not say that its times are UTC is taken for doing so: there is no telling which
    /// place's clock they were read from.
    case timestamp(TimestampUnit)
    /// Days since 1970.
    case date
    case text
    /// Null in every row: what a program writes of a column in which it saw no value.
    case nothing
    /// Anything else; its name, for messages.
    case other(String)
}

package enum TimestampUnit: Sendable, Hashable {
    case milliseconds, microseconds, nanoseconds
}

extension InterchangeType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .signed: "integer"
        case .unsigned: "unsigned integer"
        case .real: "floating-point number"
        case .timestamp: "timestamp"
        case .date: "date"
        case .text: "string"
        case .nothing: "null"
        case .other(let name): name
        }
    }
}

/// parquet.thrift `Type`, all of it.
enum StoredType: Int32, Sendable, Hashable {
    case boolean, int32, int64, int96, float, double, byteArray, fixedLengthByteArray

    /// Bytes of a value in PLAIN; nil where they differ, or are bits.
    var byteCount: Int? {
        switch self {
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .boolean, .byteArray, .fixedLengthByteArray: nil
        }
    }
}
