/// A place in a gzip file where decompression can begin, as in zlib's examples/zran.c: between two blocks of a deflate
/// stream.
struct GzipPoint: Sendable {
    /// Of the decompressed bytes.
    let position: UInt64
    /// Of the first compressed byte that has not been used.
    let offset: UInt64
    /// So many high bits of the byte before `offset` belong to the next block.
    let bits: Int32
    /// The decompressed bytes before `position` that the next block may refer to.
    let window: [UInt8]

    /// RFC 1951, section 2: how far back a block may refer.
    static let windowBytes = 32 << 10
}
