import SpillwayParquet
import Testing

@testable import SpillwayInterchange

@Suite struct ColumnReaderTests {
    private static func plain(_ values: [Int64]) -> [UInt8] { values.flatMap(\.littleEndianBytes) }

    private static func plain(_ texts: [String]) -> [UInt8] {
        texts.flatMap { UInt32($0.utf8.count).littleEndianBytes + Array($0.utf8) }
    }

    /// Levels of a v1 page, in runs.
    private static func levels(_ runs: [(level: UInt8, count: Int)]) -> [UInt8] {
        let bytes = runs.flatMap { [UInt8($0.count << 1), $0.level] }
        return UInt32(bytes.count).littleEndianBytes + bytes
    }

    @Test func rowsAreFoundInTheirPages() throws {
        let pages = (0..<10).map { page in
            TestFile.Page(valueCount: 10, body: Self.plain((0..<10).map { Int64(page * 10 + $0) }))
        }
        let file = TestFile(.int64, rowCount: 100, pages)
        for (first, end) in [(0, 100), (0, 1), (5, 15), (10, 20), (99, 100), (37, 82), (40, 40)] {
            #expect(try file.values(first..<end) == (first..<end).map { Int64($0) })
        }
    }

    @Test func nullsAreFoundInTheirPages() throws {
        // Three nulls, three values, four nulls, then a page without any null.
        let pages = [
            TestFile.Page(valueCount: 10, body: Self.levels([(0, 3), (1, 3), (0, 4)]) + Self.plain([3, 4, 5])),
            TestFile.Page(valueCount: 2, body: Self.levels([(1, 2)]) + Self.plain([10, 11])),
            TestFile.Page(valueCount: 2, body: Self.levels([(0, 2)])),
        ]
        let file = TestFile(.int64, isOptional: true, rowCount: 14, pages)
        let all: [Int64?] = [nil, nil, nil, 3, 4, 5, nil, nil, nil, nil, 10, 11, nil, nil]
        for first in 0..<14 {
            for end in first...14 { #expect(try file.values(first..<end) == Array(all[first..<end])) }
        }
    }

    @Test func codesOfNothingMayLackTheirWidth() throws {
        let pages = [
            TestFile.Page(type: .dictionary, valueCount: 1, body: Self.plain([7])),
            TestFile.Page(valueCount: 3, encoding: .rleDictionary, body: Self.levels([(0, 3)])),
            TestFile.Page(
                valueCount: 2, encoding: .rleDictionary, body: Self.levels([(1, 2)]) + [0, 2 << 1]),
        ]
        #expect(try TestFile(.int64, isOptional: true, rowCount: 5, pages).values() == [nil, nil, nil, 7, 7])
    }

    @Test func textsOfADictionaryAndOthersMix() throws {
        let pages = [
            TestFile.Page(type: .dictionary, valueCount: 2, body: Self.plain(["a", "b"])),
            TestFile.Page(valueCount: 3, encoding: .plainDictionary, body: [1, 2 << 1, 1, 1 << 1, 0]),
            TestFile.Page(valueCount: 2, body: Self.plain(["c", ""])),
        ]
        let file = TestFile(.byteArray, rowCount: 5, pages)
        #expect(try file.texts() == ["b", "b", "a", "c", ""])
        #expect(try file.texts(2..<4) == ["a", "c"])
    }

    @Test func levelsOfSecondVersionPagesLieApart() throws {
        let page = TestFile.Page(
            type: .dataV2, valueCount: 4, body: [2 << 1, 1, 2 << 1, 0] + Self.plain([1, 2]),
            levelByteCounts: (0, 4))
        #expect(try TestFile(.int64, isOptional: true, rowCount: 4, [page]).values() == [1, 2, nil, nil])
    }

    @Test func widthAndSignAreTheColumns() throws {
        let words = [UInt32.max, 5].flatMap(\.littleEndianBytes)
        let page = TestFile.Page(valueCount: 2, body: words)
        #expect(try TestFile(.int32, rowCount: 2, [page]).values() == [-1, 5])
        let unsigned32: Int32 = 13
        let file = TestFile(.int32, convertedType: unsigned32, rowCount: 2, [page])
        #expect(try file.values() == [Int64(UInt32.max), 5])
        let reals = [Float(0.5), -2].flatMap(\.bitPattern.littleEndianBytes)
        let values = try TestFile(.float, rowCount: 2, [.init(valueCount: 2, body: reals)]).values()
        #expect(values == [0.5, -2].map { Int64(bitPattern: Double($0).bitPattern) })
    }

    @Test func streamsOfBytesAreJoined() throws {
        let values: [Int64] = [1, -2, 0x0102_0304_0506_0708]
        let bytes = (0..<8).flatMap { byte in values.map { UInt8(truncatingIfNeeded: $0 >> (8 * Int64(byte))) } }
        let page = TestFile.Page(valueCount: 3, encoding: .byteStreamSplit, body: bytes)
        #expect(try TestFile(.int64, rowCount: 3, [page]).values() == values)
    }

    @Test func julianDaysAreMicroseconds() throws {
        func time(_ day: Int32, _ nanoseconds: Int64) -> [UInt8] {
            nanoseconds.littleEndianBytes + day.littleEndianBytes
        }
        let body = time(2_440_588, 1_999) + time(2_440_587, 0) + time(2_440_588, -1)
        let page = TestFile.Page(valueCount: 3, body: body)
        #expect(try TestFile(.int96, rowCount: 3, [page]).values() == [1, -86_400_000_000, -1])
        for day in [Int32.min, .max] {
            let page = TestFile.Page(valueCount: 1, body: time(day, 0))
            #expect(throws: ParquetError.self) { try TestFile(.int96, rowCount: 1, [page]).values() }
        }
    }
}
