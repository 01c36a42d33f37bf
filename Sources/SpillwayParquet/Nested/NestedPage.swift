import SpillwayPlatform

/// The body of a v1 data page: repetition levels, definition levels, PLAIN values.
enum NestedPage {
    static func encode(_ column: NestedColumn, into body: inout ByteBuffer) {
        append(column.repetitions, max: column.leaf.maxRepetition, to: &body)
        append(column.definitions, max: column.leaf.maxDefinition, to: &body)
        var (bits, bitCount): (UInt8, UInt8) = (0, 0)
        for value in column.values {
            switch value {
            case .int32(let value): body.append(littleEndian: value)
            case .int64(let value): body.append(littleEndian: value)
            case .string(let text):
                body.append(littleEndian: UInt32(text.utf8.count))
                body.append(text.utf8)
            case .boolean(let value):
                bits |= (value ? 1 : 0) << bitCount
                bitCount += 1
                if bitCount == 8 {
                    body.append(bits)
                    (bits, bitCount) = (0, 0)
                }
            case .null, .group, .elements: preconditionFailure("columns hold scalars")
            }
        }
        if bitCount > 0 { body.append(bits) }
    }

    /// Encodings.md, "RLE/Bit-Packing Hybrid", after its length; as runs only. Nothing where all levels are 0.
    private static func append(_ levels: [UInt8], max: UInt8, to body: inout ByteBuffer) {
        if max == 0 { return }
        let start = body.count
        body.append(littleEndian: UInt32(0))
        var index = 0
        while index < levels.count {
            let end = levels[index...].firstIndex { $0 != levels[index] } ?? levels.count
            var header = (end - index) << 1
            while header > 127 {
                body.append(UInt8(truncatingIfNeeded: header) | 128)
                header >>= 7
            }
            body.append(UInt8(truncatingIfNeeded: header))
            body.append(levels[index])
            index = end
        }
        body.replace(at: start, littleEndian: UInt32(body.count - start - 4))
    }

    /// Reads what ``encode(_:into:)`` wrote, of `count` entries, whose room is held to be affordable.
    static func decode(_ leaf: NestedLeaf, count: Int, _ body: inout ByteReader) throws(ParquetError) -> NestedColumn {
        var column = NestedColumn(leaf: leaf)
        column.repetitions = try levels(count, max: leaf.maxRepetition, &body)
        column.definitions = try levels(count, max: leaf.maxDefinition, &body)
        let valueCount = column.definitions.count { $0 == leaf.maxDefinition }
        var bits: UInt8 = 0
        for index in 0..<valueCount {
            switch leaf.kind {
            case .int32: column.values.append(.int32(try body.littleEndian(Int32.self)))
            case .int64: column.values.append(.int64(try body.littleEndian(Int64.self)))
            case .boolean:
                if index % 8 == 0 { bits = try body.byte() }
                column.values.append(.boolean(bits >> UInt8(index % 8) & 1 == 1))
            default: column.values.append(.string(try string(&body)))
            }
        }
        guard body.remaining == 0 else { throw body.damaged("bytes after the last value of a page") }
        return column
    }

    private static func string(_ body: inout ByteReader) throws(ParquetError) -> String {
        let bytes = try body.bytes(Int(try body.littleEndian(UInt32.self)))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw body.damaged("text is not UTF-8") }
        return text
    }

    private static func levels(_ count: Int, max: UInt8, _ body: inout ByteReader) throws(ParquetError) -> [UInt8] {
        if max == 0 { return [UInt8](repeating: 0, count: count) }
        let length = Int(try body.littleEndian(UInt32.self))
        guard length <= body.remaining else { throw body.damaged("levels pass the end of their page") }
        let rest = body.remaining - length
        var levels: [UInt8] = []
        while body.remaining > rest {
            let header = try body.length()
            guard header & 1 == 0 else { throw body.unsupported("bit-packed levels") }
            let level = try body.byte()
            guard header >> 1 > 0, header >> 1 <= count - levels.count, level <= max else {
                throw body.damaged("\(header >> 1) levels of \(level) in a page of \(count)")
            }
            levels.append(contentsOf: repeatElement(level, count: header >> 1))
        }
        guard body.remaining == rest, levels.count == count else {
            throw body.damaged("a page of \(count) entries has \(levels.count) levels")
        }
        return levels
    }
}
