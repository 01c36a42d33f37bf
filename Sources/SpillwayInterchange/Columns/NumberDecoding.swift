import SpillwayParquet

/// Encodings of numbers of a fixed width, which all become 64 bits (``InterchangeType``).
enum NumberDecoding {
    /// The values of a page that is not in codes.
    static func decode(
        _ reader: inout ByteReader, _ encoding: Encoding, count: Int, _ column: InterchangeColumn
    ) throws(ParquetError) -> [Int64] {
        switch (encoding, column.storedType) {
        case (.plain, _): return try plain(&reader, count: count, column)
        case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
            (.byteStreamSplit, .double):
            return try byteStreamSplit(&reader, count: count, column)
        case (.deltaBinaryPacked, .int64): return try deltas(&reader, Int64.self, count)
        case (.deltaBinaryPacked, .int32):
            let values = try deltas(&reader, Int32.self, count)
            return values.map { widened(UInt32(bitPattern: $0), column) }
        default: throw reader.unsupported("encoding \(encoding.rawValue) of numbers")
        }
    }

    /// Encodings.md, "Plain": little-endian, one after the other.
    static func plain(
        _ reader: inout ByteReader, count: Int, _ column: InterchangeColumn
    ) throws(ParquetError) -> [Int64] {
        guard let width = column.storedType.byteCount, reader.remaining / width >= count else {
            throw reader.damaged("\(reader.remaining) bytes for \(count) values")
        }
        let bytes = try reader.bytes(count * width)
        var values: [Int64] = []
        values.reserveCapacity(count)
        for offset in stride(from: 0, to: bytes.count, by: width) {
            let low =
                width == 4 ? 0 : UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            switch column.storedType {
            case .int64, .double: values.append(Int64(bitPattern: low))
            case .int96:
                let day = Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: Int32.self))
                guard let time = timestampUs(julianDay: day, nanoseconds: Int64(bitPattern: low)) else {
                    throw reader.damaged("a time that 64 bits of microseconds cannot hold")
                }
                values.append(time)
            default:
                let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                values.append(widened(word, column))
            }
        }
        return values
    }

    /// INT96 as Impala and Spark have it: nanoseconds of a Julian day.
    private static func timestampUs(julianDay: Int32, nanoseconds: Int64) -> Int64? {
        let dayOfEpoch: Int64 = 2_440_588
        let microsecondsPerDay: Int64 = 86_400_000_000
        let (days, overflow) = (Int64(julianDay) - dayOfEpoch).multipliedReportingOverflow(by: microsecondsPerDay)
        let fraction = nanoseconds >= 0 ? nanoseconds / 1000 : (nanoseconds - 999) / 1000
        let (time, carry) = days.addingReportingOverflow(fraction)
        return overflow || carry ? nil : time
    }

    /// Four bytes as ``ColumnVector`` has them.
    @inline(__always)
    private static func widened(_ word: UInt32, _ column: InterchangeColumn) -> Int64 {
        if column.storedType == .float {
            return Int64(bitPattern: Double(Float(bitPattern: word)).bitPattern)
        }
        return column.type == .unsigned ? Int64(word) : Int64(Int32(bitPattern: word))
    }

    /// Encodings.md, "Byte Stream Split": all first bytes, all second ones, and so on.
    private static func byteStreamSplit(
        _ reader: inout ByteReader, count: Int, _ column: InterchangeColumn
    ) throws(ParquetError) -> [Int64] {
        guard let width = column.storedType.byteCount, reader.remaining / width >= count else {
            throw reader.damaged("\(reader.remaining) bytes for \(count) values")
        }
        let bytes = try reader.bytes(count * width)
        return (0..<count).map { index in
            var word: UInt64 = 0
            for byte in 0..<width { word |= UInt64(bytes[byte * count + index]) << UInt64(8 * byte) }
            return width == 4 ? widened(UInt32(truncatingIfNeeded: word), column) : Int64(bitPattern: word)
        }
    }

    /// Encodings.md, "Delta Encoding".
    static func deltas(
        _ reader: inout ByteReader, _: Int64.Type, _ count: Int
    ) throws(ParquetError) -> [Int64] {
        var values = [Int64](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { (values) throws(ParquetError) in
            try DeltaDecoding.decodePrefix(&reader, into: values)
        }
        return values
    }

    /// The same of values that wrap at 32 bits.
    static func deltas(
        _ reader: inout ByteReader, _: Int32.Type, _ count: Int
    ) throws(ParquetError) -> [Int32] {
        var values = [Int32](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { (values) throws(ParquetError) in
            try DeltaDecoding.decodePrefix(&reader, into: values)
        }
        return values
    }
}
