import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct RowGroupBuilderTests {
    private let directory = TemporaryDirectory()

    private func order(_ rows: [Row], rowsPerBlock: Int = RowBlock.capacity) throws -> [Row] {
        let frame = FrameBuffer()
        RowGroupBuilder().build(blocks(rows, rowsPerBlock: rowsPerBlock), into: frame)
        let path = directory.path + "/rows.parquet"
        let file = try PosixSystem().open(path, .create)
        defer { try? PosixSystem().remove(path) }
        try frame.withBody { (body) throws(SystemError) in try file.write(body, at: 0) }
        let reader = RowGroupReader()
        let rowGroup = try #require(frame.rowGroup)
        try reader.read(rowGroup, from: file)
        let pool = RowBlockPool()
        return (0..<reader.rowCount).map { row in
            let block = pool.take()
            defer { pool.giveBack([block]) }
            reader.append(row: row, to: block)
            return Row(block.rows[0])
        }
    }

    /// Whatever the identities, the order holds each row once.
    @Test(arguments: [1, 2, 31, 5_000], [3, 1_000])
    func theOrderIsAPermutation(count: Int, rowsPerBlock: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        let wide = (0..<count).map { Row(seed &+ UInt64($0) &* 0x9e37_79b9_7f4a_7c15) }
        let telephone = (0..<count).map { Row(5_511_900_000_000 + (seed % 977 + UInt64($0)) * 7_919 % 100_003) }
        let equal = (0..<count).map { _ in Row(seed) }
        for rows in [wide, telephone, equal] where count <= 1_000 * rowsPerBlock {
            let isSame = try order(rows, rowsPerBlock: rowsPerBlock).sorted() == rows.sorted()
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test func telephoneNumbersAreInOrder() throws {
        let rows = (0..<8_000).map { Row(4_915_100_000_000 + UInt64($0) * 7_919 % 8_009) }
        let isInOrder = try order(rows) == rows.sorted()
        #expect(isInOrder)
    }

    /// A populous country's rows are divided by latency, and each division is in order.
    @Test func highLatenciesAreApart() throws {
        let rows = (0..<20_000).map { Row(4_915_100_000_000 + UInt64($0) * 7_919 % 20_011) }
        let ordered = try order(rows)
        let descents = zip(ordered, ordered.dropFirst()).count { $0 > $1 }
        #expect(descents < 20)
        let latencies = ordered.map { PackedAttributes(rawValue: $0.attributes).latencyUs }
        // The half with the lowest latencies, which are 0 … 4 999 here, comes first, the twentieth with the highest last.
        let (lowest, highest) = (latencies.prefix(9_500).max() ?? 0, latencies.suffix(900).min() ?? 0)
        #expect(lowest < 2_700 && highest > 4_600)
    }

    @Test func wideIdentitiesGoByCountryThenTime() throws {
        let countries = ["AR", "BR", "ZW"]
        let rows = (0..<9_000).map { index in
            var row = Row(UInt64.max - UInt64(index) &* 0x9e37_79b9_7f4a, country: countries[index % 3])
            row.registeredAt = 1_633_361_000_000_000 + Int64(index * 7_919 % 20_011)
            return row
        }
        let sorted = try order(rows)
        let keys = sorted.map { PackedAttributes(rawValue: $0.attributes).country.index }
        #expect(keys == keys.sorted())
        // But for some that lie beyond what the sample of a country saw.
        let inversions = zip(sorted, sorted.dropFirst()).count { a, b in
            a.attributes >> 55 == b.attributes >> 55 && a.registeredAt > b.registeredAt
        }
        #expect(inversions < 20)
    }

    /// The sample sees the first 8 rows of every 64: all others are of countries, and of identities, that it has none of.
    @Test func aSampleThatMisleadsCostsNoRow() throws {
        let rows = (0..<40_000).map { index in
            index % 64 < 8
                ? Row(5_511_900_000_000 + UInt64(index), country: "BR")
                : Row(UInt64(index) * 7_919 % 40_009, country: ["AR", "ZW", "DE"][index % 3])
        }
        let ordered = try order(rows)
        #expect(ordered.sorted() == rows.sorted())
        let countries = ordered.map { PackedAttributes(rawValue: $0.attributes).country.index }
        let changes = zip(countries, countries.dropFirst()).count { $0 != $1 }
        #expect(changes == 3)
    }

    /// As many pages as rows fill, each column's beginning at the same rows.
    @Test func columnsAreDividedAlike() throws {
        let rows = (0..<100_000).map { index in
            Row(5_511_900_000_000 + UInt64(index) * 7_919 % 100_003, country: index % 5 == 0 ? "AR" : "BR")
        }
        let frame = FrameBuffer()
        RowGroupBuilder().build(blocks(rows), into: frame)
        let columns = try #require(frame.rowGroup).columns
        #expect(columns.map { $0.pages.map(\.firstRow) } == Array(repeating: [0, 32_768, 65_536, 98_304], count: 7))
    }

    @Test func attributesPackAndUnpack() {
        let attributes = PackedAttributes(
            country: Country("ZW")!, platform: "android", source: .invalid, latencyUs: Int32.max)
        #expect(attributes.country == Country("ZW") && attributes.platform == "android")
        #expect(attributes.source == .invalid && attributes.latencyUs == Int32.max)
    }
}
