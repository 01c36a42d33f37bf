import SpillwayParquet
import SpillwayPlatform
extension ParquetFooter { static func read(from: any File) throws -> ParquetFooter { fatalError() } }
extension StoreView {
    package func forEachIdentityColumn(threads: Int, _ body: @Sendable (Span<Int64>) throws -> Void) throws {}
}
