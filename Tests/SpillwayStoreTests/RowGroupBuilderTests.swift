import SpillwayModel
import SpillwayPlatform
import Testing

@testable import SpillwayStore

@Suite struct RowGroupBuilderTests {
    private func order(_ rows: [Row], rowsPerBlock: Int = RowBlock.capacity) -> [Row] {
        var order = RowOrder()
        var ordered: [Row] = []
        let blocks = blocks(rows, rowsPerBlock: rowsPerBlock)
        order.sort(blocks) { entries in
            ordered += entries.map { Row(blocks[$0.block].rows[$0.row]) }
        }
        return ordered
    }

    /// Whatever the identities, the order holds each row once.
    @Test(arguments: [1, 2, 31, 5_000], [3, 1_000])
    func theOrderIsAPermutation(count: Int, rowsPerBlock: Int) {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        let wide = (0..<count).map { Row(seed &+ UInt64($0) &* 0x9e37_79b9_7f4a_7c15) }
        let telephone = (0..<count).map { Row(5_511_900_000_000 + (seed % 977 + UInt64($0)) * 7_919 % 100_003) }
        let equal = (0..<count).map { _ in Row(seed) }
        for rows in [wide, telephone, equal] where count <= 1_000 * rowsPerBlock {
            #expect(order(rows, rowsPerBlock: rowsPerBlock).sorted() == rows.sorted(), "seed \(seed)")
        }
    }

    @Test func telephoneNumbersAreInOrder() {
        let rows = (0..<20_000).map { Row(4_915_100_000_000 + UInt64($0) * 7_919 % 20_011) }
        #expect(order(rows) == rows.sorted())
    }

    @Test func wideIdentitiesGoByCountryThenTime() {
        let countries = ["AR", "BR", "ZW"]
        let rows = (0..<9_000).map { index in
            var row = Row(UInt64.max - UInt64(index) &* 0x9e37_79b9_7f4a, country: countries[index % 3])
            row.registeredAt = 1_633_361_000_000_000 + Int64(index * 7_919 % 20_011)
            return row
        }
        let sorted = order(rows)
        let keys = sorted.map { PackedAttributes(rawValue: $0.attributes).country.index }
        #expect(keys == keys.sorted())
        // But for some that lie beyond what the sample of a country saw.
        let inversions = zip(sorted, sorted.dropFirst()).count { a, b in
            a.attributes >> 55 == b.attributes >> 55 && a.registeredAt > b.registeredAt
        }
        #expect(inversions < 20)
    }

    @Test func attributesPackAndUnpack() {
        let attributes = PackedAttributes(
            country: Country("ZW")!, platform: "android", source: .invalid, latencyUs: Int32.max)
        #expect(attributes.country == Country("ZW") && attributes.platform == "android")
        #expect(attributes.source == .invalid && attributes.latencyUs == Int32.max)
    }
}
