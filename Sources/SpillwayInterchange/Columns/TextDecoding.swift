internal import SpillwayParquet

/// Encodings of BYTE_ARRAY. Each function appends the `wanted` ones of a page's `count` strings to a table.
enum TextDecoding {
    /// Encodings.md, "Plain": a length, then the bytes.
    static func plain(
        _ reader: inout ByteReader, count: Int, _ wanted: Range<Int>, into texts: inout TextTable
    ) throws(ParquetError) {
        for index in 0..<wanted.upperBound {
            let text = try reader.bytes(Int(reader.uint32()))
            if index >= wanted.lowerBound { try texts.append(text, reader) }
        }
    }

    /// Encodings.md, "Delta-length byte array": all lengths, then all bytes.
    static func deltaLength(
        _ reader: inout ByteReader, count: Int, _ wanted: Range<Int>, into texts: inout TextTable
    ) throws(ParquetError) {
        let lengths = try lengths(&reader, count)
        for index in 0..<wanted.upperBound {
            let text = try reader.bytes(Int(lengths[index]))
            if index >= wanted.lowerBound { try texts.append(text, reader) }
        }
    }

    /// Encodings.md, "Delta Strings": how much of the string before each shares, then what follows as
    /// ``deltaLength(_:count:_:into:)`` has it.
    static func delta(
        _ reader: inout ByteReader, count: Int, _ wanted: Range<Int>, into texts: inout TextTable
    ) throws(ParquetError) {
        let prefixes = try lengths(&reader, count)
        let suffixes = try lengths(&reader, count)
        var text: [UInt8] = []
        for index in 0..<wanted.upperBound {
            let suffix = try reader.bytes(Int(suffixes[index]))
            guard prefixes[index] <= text.count else {
                throw reader.damaged("a prefix of \(prefixes[index]) bytes of a string of \(text.count)")
            }
            text.removeLast(text.count - Int(prefixes[index]))
            text.append(contentsOf: suffix)
            guard index >= wanted.lowerBound else { continue }
            try text.withUnsafeBufferPointer { (text) throws(ParquetError) in
                try texts.append(UnsafeRawBufferPointer(text), reader)
            }
        }
    }

    private static func lengths(_ reader: inout ByteReader, _ count: Int) throws(ParquetError) -> [Int32] {
        let lengths = try NumberDecoding.deltas(&reader, Int32.self, count)
        guard lengths.allSatisfy({ $0 >= 0 }) else { throw reader.damaged("a string of a negative length") }
        return lengths
    }
}
