/// A page of a chunk, as its header says.
package struct PagePlace: Sendable, Hashable {
    /// Of the header.
    package var offset: UInt64
    /// With the header.
    package var byteCount: Int
    /// Values of a data page, entries of a dictionary.
    package var valueCount: Int
    package var isDictionary: Bool
    package var hasChecksum: Bool
}

extension ColumnChunkMetadata {
    /// The pages that a chunk's bytes consist of. Contents are not looked at.
    package func pagePlaces(in chunk: UnsafeRawBufferPointer) throws(ParquetError) -> [PagePlace] {
        var reader = ByteReader(chunk, fileOffset: offset)
        var places: [PagePlace] = []
        while reader.remaining > 0 {
            let start = reader.offset
            var thrift = ThriftReader(reader)
            let header = try PageHeader(&thrift)
            reader = thrift.rest
            _ = try reader.bytes(header.byteCount)
            places.append(
                PagePlace(
                    offset: start, byteCount: Int(reader.offset - start), valueCount: header.valueCount,
                    isDictionary: header.type == .dictionary, hasChecksum: header.checksum != nil))
        }
        return places
    }
}
