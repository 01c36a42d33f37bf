/// What the end of a Parquet file says of the rest.
package struct ParquetFooter: Sendable, Hashable {
    package var schema: ParquetSchema
    /// With offsets from the file's first byte.
    package var rowGroups: [RowGroupMetadata]
    package var keyValueMetadata: [String: String]
    /// The program that wrote the file.
    package var createdBy: String

    package init(
        schema: ParquetSchema, rowGroups: [RowGroupMetadata], keyValueMetadata: [String: String] = [:],
        createdBy: String
    ) {
        self.schema = schema
        self.rowGroups = rowGroups
        self.keyValueMetadata = keyValueMetadata
        self.createdBy = createdBy
    }

    package var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

    /// The first and the last bytes of a file.
    package static let magic: [UInt8] = Array("PAR1".utf8)
}
