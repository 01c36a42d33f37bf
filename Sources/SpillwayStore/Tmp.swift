import SpillwayParquet
import SpillwayPlatform
extension ParquetFooter { static func read(from: any File) throws -> ParquetFooter { fatalError() } }
extension StoreView {
    package func forEachIdentityColumn(_ body: @Sendable (Span<Int64>, String) throws -> Void) throws(StoreError) {}
}
