/// Writes structs in Thrift's compact protocol
/// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    /// Of the field last written in the current struct.
    private var lastID = 0

    /// A struct that is no field: a whole message, or the element of a list.
    mutating func structure(_ fields: (inout ThriftWriter) -> Void) {
        let outerID = lastID
        lastID = 0
        fields(&self)
        bytes.append(ThriftType.stop.rawValue)
        lastID = outerID
    }

    mutating func field(_ id: Int, i8 value: Int8) {
        header(id, .byte)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func field(_ id: Int, i16 value: Int16) {
        header(id, .i16)
        append(zigzag: Int64(value))
    }

    mutating func field(_ id: Int, i32 value: Int32) {
        header(id, .i32)
        append(zigzag: Int64(value))
    }

    mutating func field(_ id: Int, i64 value: Int64) {
        header(id, .i64)
        append(zigzag: value)
    }

    mutating func field(_ id: Int, bool value: Bool) {
        header(id, value ? .true : .false)
    }

    mutating func field(_ id: Int, binary value: some Collection<UInt8>) {
        header(id, .binary)
        append(binary: value)
    }

    mutating func field(_ id: Int, structure fields: (inout ThriftWriter) -> Void) {
        header(id, .structure)
        structure(fields)
    }

    /// A list; `element` appends each element.
    mutating func field<Elements: Collection>(
        _ id: Int, list elements: Elements, of type: ThriftType,
        _ element: (inout ThriftWriter, Elements.Element) -> Void
    ) {
        header(id, .list)
        if elements.count < 15 {
            bytes.append(UInt8(elements.count) << 4 | type.rawValue)
        } else {
            bytes.append(0xf0 | type.rawValue)
            append(varint: UInt64(elements.count))
        }
        for next in elements { element(&self, next) }
    }

    mutating func append(binary value: some Collection<UInt8>) {
        append(varint: UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func append(zigzag value: Int64) {
        append(varint: value.zigzagEncoded)
    }

    mutating func append(bool value: Bool) {
        bytes.append((value ? ThriftType.true : .false).rawValue)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func header(_ id: Int, _ type: ThriftType) {
        precondition(id > lastID && id - lastID < 16, "fields go in order")
        bytes.append(UInt8(id - lastID) << 4 | type.rawValue)
        lastID = id
    }
}

/// Type codes of the compact protocol.
package enum ThriftType: UInt8, Sendable {
    case stop, `true`, `false`, byte, i16, i32, i64, double, binary, list, set, map, structure
}

extension Int64 {
    /// Small for values near zero, of either sign.
    var zigzagEncoded: UInt64 { UInt64(bitPattern: self &<< 1 ^ self &>> 63) }

    package init(zigzag value: UInt64) {
        self = Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }
}
