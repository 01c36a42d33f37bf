/// parquet.thrift `CompressionCodec`, as far as it can be read: what programs write by default or are asked for.
package enum CompressionCodec: Int32, Sendable, Hashable, CaseIterable {
    case uncompressed = 0
    case snappy = 1
    case gzip = 2
    case zstd = 6
    /// A bare block, not what the codec `LZ4` means.
    case lz4Raw = 7

    /// The names of all that there are, for messages; the format has no others.
    private static let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]

    static func name(ofCode code: Int32) -> String {
        names.indices.contains(Int(code)) ? names[Int(code)] : "number \(code)"
    }
}
