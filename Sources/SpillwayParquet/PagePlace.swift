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
    /// Whether the header is, byte for byte, what ``RowGroupEncoder`` writes: no bit of it is then unaccounted for, not
    /// even of fields that are passed over.
    package var hasPlainHeader: Bool
}

extension ColumnChunkMetadata {
    /// The pages that a chunk's bytes consist of. Contents are not decoded.
    package func pagePlaces(in chunk: UnsafeRawBufferPointer) throws(ParquetError) -> [PagePlace] {
        var reader = ByteReader(chunk, fileOffset: offset)
        var places: [PagePlace] = []
        var plain = ThriftWriter()
        while reader.remaining > 0 {
            let start = reader.offset
            var thrift = ThriftReader(reader)
            let header = try PageHeader(&thrift)
            reader = thrift.rest
            let headerBytes = UnsafeRawBufferPointer(rebasing: chunk[Int(start - offset)..<Int(reader.offset - offset)])
            let body = try reader.bytes(header.byteCount)
            let kind: PageWriter.Kind =
                header.type == .dictionary
                ? .dictionary(entryCount: header.valueCount)
                : .data(valueCount: header.valueCount, encoding: header.encoding)
            plain.replace(byHeaderOf: kind, body, uncompressedByteCount: header.uncompressedByteCount)
            places.append(
                PagePlace(
                    offset: start, byteCount: Int(reader.offset - start), valueCount: header.valueCount,
                    isDictionary: header.type == .dictionary, hasChecksum: header.checksum != nil,
                    hasPlainHeader: headerBytes.elementsEqual(plain.bytes)))
        }
        return places
    }
}
