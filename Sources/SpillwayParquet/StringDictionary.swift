/// The strings of a chunk being read: those of its dictionary page, then those that PLAIN pages bring in.
struct StringDictionary {
    private(set) var names: [String] = []
    /// What 16 bits can number. Empty strings, compressed, would let a byte of a file ask for 16 KiB of memory.
    private static let maximumCount = 1 << 16
    /// By UTF-8, as two strings that are equal in Swift may differ in bytes. Filled when a PLAIN page comes.
    private var codes: [[UInt8]: UInt32] = [:]

    mutating func removeAll() {
        names.removeAll(keepingCapacity: true)
        codes.removeAll(keepingCapacity: true)
    }

    /// Takes the entries of a dictionary page.
    mutating func append(_ header: PageHeader, _ reader: inout ByteReader) throws(ParquetError) {
        guard header.encoding == .plain || header.encoding == .plainDictionary else {
            throw reader.unsupported("dictionary in encoding \(header.encoding.rawValue)")
        }
        guard header.valueCount <= Self.maximumCount else { throw reader.tooManyStrings }
        for _ in 0..<header.valueCount { names.append(try Self.string(&reader)) }
        guard reader.remaining == 0 else { throw reader.damaged("bytes after the last dictionary entry") }
    }

    /// Decodes a PLAIN page of `count` strings, which get codes as they occur.
    mutating func decode(
        _ reader: inout ByteReader, count: Int, _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        if codes.isEmpty {
            for (code, name) in names.enumerated() { codes[Array(name.utf8)] = UInt32(code) }
        }
        for _ in 0..<count { try body(.run(code: try code(&reader), count: 1)) }
        guard reader.remaining == 0 else { throw reader.damaged("bytes after the last string") }
    }

    private mutating func code(_ reader: inout ByteReader) throws(ParquetError) -> UInt32 {
        let start = reader
        let bytes = [UInt8](try Self.bytes(&reader))
        if let code = codes[bytes] { return code }
        guard names.count < Self.maximumCount else { throw reader.tooManyStrings }
        var again = start
        names.append(try Self.string(&again))
        let code = UInt32(names.count - 1)
        codes[bytes] = code
        return code
    }

    private static func bytes(_ reader: inout ByteReader) throws(ParquetError) -> UnsafeRawBufferPointer {
        try reader.bytes(Int(reader.littleEndian(UInt32.self)))
    }

    private static func string(_ reader: inout ByteReader) throws(ParquetError) -> String {
        let bytes = try bytes(&reader)
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw reader.damaged("string is not UTF-8")
        }
        return string
    }
}

extension ByteReader {
    fileprivate var tooManyStrings: ParquetError { unsupported("a column has over 65536 strings in a row group") }
}
