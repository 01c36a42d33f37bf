internal import SpillwayParquet

/// Byte strings, one after the other, by number.
package struct TextTable: Sendable {
    private var bytes: [UInt8] = []
    /// Where each ends.
    private var ends: [UInt32] = []

    /// Of all strings together: what a dictionary and the rows that are read at a time may have.
    static let maximumByteCount = 256 << 20

    package var count: Int { ends.count }

    package init() {}

    package init(_ text: String) {
        bytes = Array(text.utf8)
        ends = [UInt32(clamping: bytes.count)]
    }

    /// Hands out the strings in order. Each is valid during its call.
    package func forEach<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
            var start = 0
            for end in ends {
                try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<Int(end)])))
                start = Int(end)
            }
        }
    }

    /// A string, as messages show it; what is no UTF-8 in it is replaced.
    ///
    /// - Precondition: 0 ≤ `index` < ``count``
    package subscript(index: Int) -> String {
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return String(decoding: bytes[start..<Int(ends[index])], as: UTF8.self)
    }

    mutating func append(_ text: UnsafeRawBufferPointer, _ reader: ByteReader) throws(ParquetError) {
        guard text.count <= Self.maximumByteCount - bytes.count else {
            throw reader.unsupported(
                "strings of over \(Self.maximumByteCount) bytes among the rows that are read at a time")
        }
        bytes.append(contentsOf: text)
        ends.append(UInt32(bytes.count))
    }
}
