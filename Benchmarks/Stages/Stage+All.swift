import SpillwayStore

extension Stage {
    /// In the order in which a registration meets them.
    public static let all: [Stage] = [
        Stage("permute") { Permuting(rows: $0) },
        Stage("check") { Checking(rows: $0) },
        Stage("route") { Routing(rows: $0) },
        Stage("judge-new") { try Judging(rows: $0, .roomy) },
        Stage("judge-new-growing") { try Judging(rows: $0, .growing) },
        Stage("judge-duplicate") { try Judging(rows: $0, .full) },
        Stage("index-grow") { IndexGrowing(rows: $0) },
        Stage("journal-record") { JournalWriting(rows: $0) },
        Stage("order-e164") { Ordering(rows: $0, .e164) },
        Stage("order-random") { Ordering(rows: $0, .random) },
        Stage("encode-times") { ColumnEncoding(rows: $0, .registeredAt) },
        Stage("encode-e164-identities") { ColumnEncoding(rows: $0, .identity) },
        Stage("encode-latencies") { ColumnEncoding(rows: $0, .latencyUs) },
        Stage("encode-countries") { ColumnEncoding(rows: $0, .country) },
        Stage("encode-sources") { ColumnEncoding(rows: $0, .source) },
        Stage("lz4-page", per: .kibibyte) { _ in PageCompressing() },
        Stage("crc32-page", per: .kibibyte) { _ in Checksumming(.crc32) },
        Stage("crc32c-frame", per: .kibibyte) { _ in Checksumming(.crc32c) },
        Stage("row-group-e164") { RowGroupBuilding(rows: $0, .e164) },
        Stage("row-group-random") { RowGroupBuilding(rows: $0, .random) },
        Stage("ingest") { try Ingesting(rows: $0) },
        Stage("query-by-platform") { try Counting(rows: $0) },
    ]
}
