import SpillwayModel
import SpillwayPlatform
import Testing

@testable import SpillwayStore

@Suite struct RowGroupBuilderTests {
    private func order(_ rows: [Row], rowsPerBlock: Int = RowBlock.capacity) -> [Row] {
        let blocks = blocks(rows, rowsPerBlock: rowsPerBlock)
        var order = RowOrder()
        order.sort(blocks)
        return order.entries.map { entry in
            let block = blocks[entry.block]
            var row = Row(0)
            row.registeredAt = block.registeredAt[entry.row]
            row.identity = block.identity[entry.row]
            row.attributes = block.attributes[entry.row]
            return row
        }
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
        let rows = (0..<9_000).map { Row(UInt64.max - UInt64($0) &* 0x9e37_79b9_7f4a, country: countries[$0 % 3]) }
        let sorted = order(rows)
        let keys = sorted.map { PackedAttributes(rawValue: $0.attributes).country.index }
        #expect(keys == keys.sorted())
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.attributes >> 55 == b.attributes >> 55 {
            #expect(a.registeredAt <= b.registeredAt)
        }
    }

    @Test func attributesPackAndUnpack() {
        let attributes = PackedAttributes(
            country: Country("ZW")!, platform: "android", source: .invalid, latencyUs: Int32.max)
        #expect(attributes.country == Country("ZW") && attributes.platform == "android")
        #expect(attributes.source == .invalid && attributes.latencyUs == Int32.max)
    }
}
