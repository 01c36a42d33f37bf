/// How the bytes of a file that another program wrote are compressed.
package enum CompressionCodec: Sendable, Hashable, CaseIterable {
    case gzip
    case lz4Raw
    case snappy
    case zstd
}
