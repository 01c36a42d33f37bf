internal import SpillwayParquet

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
            let form = Word(column)
            return try deltas(&reader, Int32.self, count).map { form.widened(UInt32(bitPattern: $0)) }
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
        if column.storedType == .int96 { return try timestampsUs(bytes, reader) }
        if width == 4 {
            let form = Word(column)
            return stride(from: 0, to: bytes.count, by: width).map { offset in
                form.widened(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        return [Int64](unsafeUninitializedCapacity: count) { room, filled in
            UnsafeMutableRawBufferPointer(room).copyMemory(from: bytes)
            filled = count
        }
    }

    /// INT96 as Impala and Spark have it: nanoseconds of a day, then the Julian day.
    private static func timestampsUs(
        _ bytes: UnsafeRawBufferPointer, _ reader: ByteReader
    ) throws(ParquetError) -> [Int64] {
        let (dayOfEpoch, microsecondsPerDay): (Int64, Int64) = (2_440_588, 86_400_000_000)
        var times: [Int64] = []
        times.reserveCapacity(bytes.count / 12)
        for offset in stride(from: 0, to: bytes.count, by: 12) {
            let nanoseconds = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            let day = Int64(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: Int32.self)))
            let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
            let (days, overflow) = (day - dayOfEpoch).multipliedReportingOverflow(by: microsecondsPerDay)
            let (time, carry) = days.addingReportingOverflow(remainder < 0 ? quotient - 1 : quotient)
            guard !overflow, !carry else {
                throw reader.damaged("a time that 64 bits of microseconds cannot hold")
            }
            times.append(time)
        }
        return times
    }

    /// What four bytes are.
    private enum Word {
        case signed, unsigned, real

        init(_ column: InterchangeColumn) {
            self = column.storedType == .float ? .real : column.type == .unsigned ? .unsigned : .signed
        }

        /// As ``ColumnVector`` has them.
        @inline(__always)
        func widened(_ word: UInt32) -> Int64 {
            switch self {
            case .signed: Int64(Int32(bitPattern: word))
            case .unsigned: Int64(word)
            case .real: Int64(bitPattern: Double(Float(bitPattern: word)).bitPattern)
            }
        }
    }

    /// Encodings.md, "Byte Stream Split": all first bytes, all second ones, and so on.
    private static func byteStreamSplit(
        _ reader: inout ByteReader, count: Int, _ column: InterchangeColumn
    ) throws(ParquetError) -> [Int64] {
        guard let width = column.storedType.byteCount, reader.remaining / width >= count else {
            throw reader.damaged("\(reader.remaining) bytes for \(count) values")
        }
        let bytes = try reader.bytes(count * width)
        let form = Word(column)
        return (0..<count).map { index in
            var word: UInt64 = 0
            for byte in 0..<width { word |= UInt64(bytes[byte * count + index]) << UInt64(8 * byte) }
            return width == 4 ? form.widened(UInt32(truncatingIfNeeded: word)) : Int64(bitPattern: word)
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
