import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct RollupCodingTests {
    /// A rollup up to where its only series, of one registration, says how many cells it has.
    private static let oneSeries: [UInt8] = [1, 1, 65, 0, 1, 66, 82, 1, 0, 1]

    private func parsed(
        _ bytes: [UInt8], at offset: UInt64 = 0, _ detail: RollupDetail = .minutes
    ) throws -> Rollup? {
        try bytes.withUnsafeBytes { try Rollup(parsing: $0, at: offset, detail) }
    }

    private func totals(of rollup: Rollup) -> Rollup {
        var totals = Rollup()
        for series in rollup.series {
            let sum = rollup.counts[series.cells].reduce(UInt64(0)) { $0 + UInt64($1) }
            totals.append(series.key, minutes: [0], counts: [UInt32(clamping: sum)])
        }
        return totals
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
        #expect(try parsed(rollup.encoded, .totals) == totals(of: rollup))
    }

    @Test func theGreatestAndTheLeastAreWrittenAndRead() throws {
        var rollup = Rollup()
        rollup.append(
            SeriesKey(Row(1).packed.attributes), minutes: [.min, .min + 1, -1, .max - 1, .max],
            counts: [.max, 1, .max - 1, .max, 1])
        #expect(try parsed(rollup.encoded) == rollup)
        #expect(try parsed(rollup.encoded, .totals) == totals(of: rollup))
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
            let known = try? parsed(sealed(bytes), .totals)
            if let known { #expect(isInOrder(known) && known.series.count <= bytes.count) }
            guard let rollup = try? parsed(sealed(bytes)) else { return }
            #expect(isInOrder(rollup) && rollup.minutes.count <= bytes.count)
            #expect(known == totals(of: rollup))
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

    /// Names, a base, then countries with their series, then cells: each claims more than there is, or is none.
    @Test(
        arguments: [
            ([0xff, 0xff, 0xff, 0xff, 7], "ends early"),
            ([1, 200, 65], "200 bytes wanted"),
            ([1, 0, 0], "a label that is none"),
            ([1, 1, 0xff, 0], "a label that is none"),
            ([0, 0xff, 0xff, 0xff, 0xff, 0x7f], "begins at minute"),
            ([1, 1, 65, 0, 2, 66, 82, 1, 0, 1, 8, 0], "ends early"),
            ([1, 1, 65, 0, 1, 88, 88, 1, 0, 1, 8, 0], "a country that there is not"),
            ([1, 1, 65, 0, 1, 66, 82, 1, 1, 1, 8, 0], "labels that it does not name"),
            ([0, 0, 1, 66, 82, 1, 0, 1, 8, 0], "labels that it does not name"),
            (oneSeries + [0], "claims 0 cells"),
            (oneSeries + [16, 0, 0], "1 registrations in 2 cells"),
            (oneSeries + [8], "claims 1 cells"),
            (oneSeries + [0xf8, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], "cells"),
            (oneSeries + [0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0], "cells"),
            (oneSeries + [8, 0x80], "beyond its bounds"),
            (oneSeries + [8, 0xff, 0xff, 0xff, 0xff, 0x7f], "beyond its bounds"),
            (oneSeries + [9, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "beyond its bounds"),
            (oneSeries + [9, 1] + Array(repeating: 0xff, count: 9) + [1], "beyond its bounds"),
            (oneSeries + [8, 1], "counts 2 registrations of 1"),
            (oneSeries + [8, 0, 0], "bytes after a rollup's last cell"),
            ([1, 1, 65, 0, 2, 66, 82, 1, 0, 1, 8, 66, 82, 1, 0, 1, 8, 0, 0], "a series twice"),
        ] as [([UInt8], String)])
    func claimsThatCannotBeAreNamed(_ content: [UInt8], problem: String) {
        let error = #expect(throws: ParquetError.self) { try parsed(sealed(content)) }
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }
}
