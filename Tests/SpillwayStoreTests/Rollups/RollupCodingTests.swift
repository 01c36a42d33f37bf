import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct RollupCodingTests {
    private func parsed(_ bytes: [UInt8], at offset: UInt64 = 0) throws -> Rollup? {
        try bytes.withUnsafeBytes { try Rollup(parsing: $0, at: offset) }
    }

    /// With the checksum of what goes before, so that what is behind it is reached.
    private func sealed(_ content: some Collection<UInt8>) -> [UInt8] {
        Array(content) + Array(content).withUnsafeBytes { crc32c($0) }.littleEndianBytes
    }

    @Test(arguments: [0, 1, 2, 300, 40_000], [1, 4, 300, 3_000_000] as [Int64])
    func whatIsWrittenIsRead(rowCount: Int, minutes: Int64) throws {
        var random = SplitMix64(seed: UInt64(rowCount) + UInt64(minutes) << 32)
        let rollup = try #require(counted(randomRows(rowCount, minutes: minutes, &random)))
        #expect(try parsed(rollup.encoded) == rollup)
    }

    @Test func theGreatestAndTheLeastAreWrittenAndRead() throws {
        var rollup = Rollup()
        rollup.append(
            SeriesKey(Row(1).packed.attributes), minutes: [.min, .min + 1, -1, .max - 1, .max],
            counts: [.max, 1, .max - 1, .max, 1])
        #expect(try parsed(rollup.encoded) == rollup)
    }

    /// A series of each minute takes a byte for each, and so does one of a few far between.
    @Test func aCellTakesAByte() throws {
        for step in [1, 2, 9, 50] as [Int32] {
            var rollup = Rollup()
            let minutes = (0..<1_000).map { Int32($0) * step }
            rollup.append(
                SeriesKey(Row(1).packed.attributes), minutes: minutes,
                counts: minutes.map { _ in step == 1 ? 90 : 1 })
            #expect(rollup.encoded.count < 1_040)
        }
    }

    @Test func everyFlippedBitIsNoticed() throws {
        var random = SplitMix64(seed: 3)
        let bytes = try #require(counted(randomRows(40, minutes: 9, &random))).encoded
        for bit in 0..<bytes.count * 8 {
            var altered = bytes
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: ParquetError.damaged(offset: 77, problem: "a rollup does not match its checksum")) {
                try parsed(altered, at: 77)
            }
        }
        for count in 0..<bytes.count {
            #expect(throws: ParquetError.self) { try parsed(Array(bytes[..<count])) }
        }
    }

    /// Whatever stands behind a right checksum is read in order or refused.
    @Test func hostileBytesAreRefusedOrReadInOrder() throws {
        var random = SplitMix64(seed: 11)
        let content = try #require(counted(randomRows(60, minutes: 9, &random))).encoded.dropLast(4)
        func check(_ bytes: some Collection<UInt8>) {
            guard let rollup = try? parsed(sealed(bytes)) else { return }
            #expect(isInOrder(rollup) && rollup.minutes.count <= bytes.count)
        }
        for count in 0..<content.count { check(content[..<count]) }
        for _ in 0..<3_000 {
            var altered = Array(content)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                altered[Int.random(in: 0..<altered.count, using: &random)] =
                    [
                        UInt8.random(in: 0...255, using: &random), 0, 1, 127, 128, 255,
                    ][Int.random(in: 0..<6, using: &random)]
            }
            check(altered)
        }
        for _ in 0..<3_000 {
            check(
                (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                    random.next() % 3 == 0 ? 255 : UInt8(random.next() & 127)
                })
        }
    }

    /// Names, then a base, then countries: each claims more than there is, or is none.
    @Test(
        arguments: [
            ([0xff, 0xff, 0xff, 0xff, 7], "ends early"),
            ([1, 200, 65], "200 bytes wanted"),
            ([1, 0, 0], "a label that is none"),
            ([1, 1, 0xff, 0], "a label that is none"),
            ([0, 0xff, 0xff, 0xff, 0xff, 0x7f], "begins at minute"),
            ([1, 1, 65, 0, 88, 88, 1, 0, 8, 0], "a country that there is not"),
            ([1, 1, 65, 0, 66, 82, 1, 1, 8, 0], "labels that it does not name"),
            ([0, 0, 66, 82, 1, 0, 8, 0], "labels that it does not name"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 0], "claims 0 cells"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], "cells"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 8, 0xff, 0xff, 0xff, 0xff, 0x7f], "beyond its bounds"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 9, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "beyond its bounds"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 9, 1] + Array(repeating: 0xff, count: 9) + [1], "beyond its bounds"),
            ([1, 1, 65, 0, 66, 82, 1, 0, 8, 0, 66, 82, 1, 0, 8, 0], "a series twice"),
        ] as [([UInt8], String)])
    func claimsThatCannotBeAreNamed(_ content: [UInt8], problem: String) {
        let error = #expect(throws: ParquetError.self) { try parsed(sealed(content)) }
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }
}
