/// Reads Thrift's compact protocol out of bytes that may be damaged.
package struct ThriftReader {
    private var reader: ByteReader
    /// Structs and lists around the current value; bounded, as damage must not exhaust the stack.
    private var depth = 0

    package struct Field {
        package var id: Int
        package var type: ThriftType
    }

    package init(_ reader: ByteReader) {
        self.reader = reader
    }

    package var position: Int { reader.position }
    /// What follows the value last read.
    package var rest: ByteReader { reader }

    package func damaged(_ problem: String) -> ParquetError { reader.damaged(problem) }
    package func unsupported(_ problem: String) -> ParquetError { reader.unsupported(problem) }

    /// Hands each field of a struct to `field`, which reads its value or skips it.
    package mutating func structure(
        _ field: (inout ThriftReader, Field) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try nest()
        defer { depth -= 1 }
        var id = 0
        while true {
            let header = try reader.byte()
            let type = try type(header & 15)
            if type == .stop { return }
            let step = Int(header >> 4)
            id = step > 0 ? id + step : Int(Int16(truncatingIfNeeded: try zigzag()))
            try field(&self, Field(id: id, type: type))
        }
    }

    /// The value of a struct field.
    package mutating func structure(
        _ field: Field, _ body: (inout ThriftReader, Field) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try expect(field, .structure)
        try structure(body)
    }

    /// Calls `element` for each element of a list.
    package mutating func list(
        _ field: Field, of type: ThriftType, _ element: (inout ThriftReader) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try expect(field, .list)
        let (elementType, count) = try listHeader()
        // A list of booleans may name either of their types.
        guard elementType == type || elementType == .true && type == .false || count == 0 else {
            throw damaged("list of \(elementType) where \(type) was expected")
        }
        try nest()
        defer { depth -= 1 }
        for _ in 0..<count { try element(&self) }
    }

    package mutating func i32(_ field: Field) throws(ParquetError) -> Int32 {
        try expect(field, .i32)
        return try i32()
    }

    package mutating func i64(_ field: Field) throws(ParquetError) -> Int64 {
        try expect(field, .i64)
        return try zigzag()
    }

    /// An i32 that counts something.
    package mutating func count32(_ field: Field) throws(ParquetError) -> Int {
        try natural(field, .i32, max: Int64(Int32.max))
    }

    /// An i64 that counts something or is an offset.
    package mutating func count64(_ field: Field) throws(ParquetError) -> Int {
        try natural(field, .i64, max: .max)
    }

    private mutating func natural(
        _ field: Field, _ type: ThriftType, max: Int64
    ) throws(ParquetError) -> Int {
        try expect(field, type)
        let value = try zigzag()
        guard value >= 0, value <= max else { throw damaged("field \(field.id) has the value \(value)") }
        return Int(value)
    }

    package mutating func bool(_ field: Field) throws(ParquetError) -> Bool {
        guard field.type == .true || field.type == .false else {
            throw damaged("field \(field.id) is no boolean")
        }
        return field.type == .true
    }

    package mutating func binary(_ field: Field) throws(ParquetError) -> [UInt8] {
        try expect(field, .binary)
        return try binary()
    }

    package mutating func string(_ field: Field) throws(ParquetError) -> String {
        try expect(field, .binary)
        return try string()
    }

    // Elements of lists

    package mutating func i32() throws(ParquetError) -> Int32 {
        guard let value = Int32(exactly: try zigzag()) else { throw damaged("number beyond 32 bits") }
        return value
    }

    package mutating func bool() throws(ParquetError) -> Bool {
        try reader.byte() == ThriftType.true.rawValue
    }

    package mutating func binary() throws(ParquetError) -> [UInt8] {
        [UInt8](try reader.bytes(reader.length()))
    }

    /// The value of a statistic; nil if it has another size.
    mutating func int64Statistic() throws(ParquetError) -> Int64? {
        let bytes = try reader.bytes(reader.length())
        return bytes.count == MemoryLayout<Int64>.size ? Int64(littleEndian: bytes.loadUnaligned(as: Int64.self)) : nil
    }

    package mutating func string() throws(ParquetError) -> String {
        guard let text = String(validating: try binary(), as: UTF8.self) else {
            throw damaged("name is not UTF-8")
        }
        return text
    }

    package mutating func skip(_ field: Field) throws(ParquetError) {
        if field.type != .true, field.type != .false { try skip(field.type) }
    }

    private mutating func skip(_ type: ThriftType) throws(ParquetError) {
        switch type {
        case .stop: throw damaged("value of no type")
        case .true, .false, .byte: _ = try reader.byte()
        case .i16, .i32, .i64: _ = try reader.varint()
        case .double: _ = try reader.bytes(8)
        case .binary: _ = try reader.bytes(reader.length())
        case .structure: try structure { (reader, field) throws(ParquetError) in try reader.skip(field) }
        case .list, .set:
            let (type, count) = try listHeader()
            try nest()
            defer { depth -= 1 }
            for _ in 0..<count { try skip(type) }
        case .map:
            let count = try reader.length()
            if count == 0 { return }
            let types = try reader.byte()
            let (key, value) = (try self.type(types >> 4), try self.type(types & 15))
            try nest()
            defer { depth -= 1 }
            for _ in 0..<count {
                try skip(key)
                try skip(value)
            }
        }
    }

    /// Every element takes a byte at least, so that a count beyond the bytes left is damage.
    private mutating func listHeader() throws(ParquetError) -> (ThriftType, count: Int) {
        let header = try reader.byte()
        let count = header >> 4 < 15 ? Int(header >> 4) : try reader.length()
        guard count <= reader.remaining else { throw damaged("list of \(count) elements passes the end") }
        return (try type(header & 15), count)
    }

    private mutating func zigzag() throws(ParquetError) -> Int64 {
        Int64(zigzag: try reader.varint())
    }

    private func type(_ code: UInt8) throws(ParquetError) -> ThriftType {
        guard let type = ThriftType(rawValue: code) else { throw damaged("unknown Thrift type \(code)") }
        return type
    }

    private func expect(_ field: Field, _ type: ThriftType) throws(ParquetError) {
        guard field.type == type else { throw damaged("field \(field.id) is \(field.type), not \(type)") }
    }

    private mutating func nest() throws(ParquetError) {
        guard depth < 32 else { throw damaged("structs nested too deep") }
        depth += 1
    }
}
