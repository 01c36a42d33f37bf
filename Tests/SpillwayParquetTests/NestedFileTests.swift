import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayParquet

@Suite struct NestedFileTests {
    /// Every kind of field, with lists within groups within lists.
    private static let schema: [NestedField] = [
        .required("id", .int64),
        .optional("name", .string),
        .optional(
            "group",
            .group([
                .required("flag", .boolean), .optional("number", .int32),
                .optional("tags", .map(key: .required("key", .string), value: .optional("value", .string))),
            ])),
        .required(
            "lists",
            .list(of: .optional("element", .group([.optional("inner", .list(of: .optional("element", .int32)))])))),
    ]

    private static func rows(_ count: Int) -> [[NestedValue]] {
        var random = SplitMix64(seed: 31)
        func chance() -> Bool { Bool.random(using: &random) }
        func few() -> Range<Int> { 0..<Int.random(in: 0...3, using: &random) }
        return (0..<count).map { index in
            let tags = few().map { [NestedValue.string("k\($0)"), chance() ? .null : .string("ž\(index)")] }
            let group = NestedValue.group([
                .boolean(chance()), chance() ? .null : .int32(Int32(index)), chance() ? .null : .elements(tags),
            ])
            let lists = few().map { _ in
                let inner = few().map { [chance() ? NestedValue.null : .int32(Int32($0))] }
                return [chance() ? NestedValue.null : .group([chance() ? .null : .elements(inner)])]
            }
            return [
                .int64(Int64(index)), chance() ? .null : .string("name \(index)"), chance() ? .null : group,
                .elements(lists),
            ]
        }
    }

    private func write(_ rowGroups: [[[NestedValue]]]) -> [UInt8] {
        var writer = NestedFileWriter(Self.schema)
        for rows in rowGroups { writer.append(rows) }
        return writer.finish()
    }

    private func read(_ bytes: [UInt8]) throws(ParquetError) -> [[NestedValue]] {
        var reader = NestedFileReader(Self.schema)
        return try reader.read(MemoryFile(bytes))
    }

    @Test(arguments: [1, 2, 9, 1000]) func rowsComeBack(_ count: Int) throws {
        let rows = Self.rows(count)
        #expect(try read(write([rows])) == rows)
        #expect(try read(write([rows, rows])) == rows + rows)
        #expect(try read(write([])).isEmpty)
    }

    /// The levels of the paper's example: two lists in one row, then none, then no list.
    @Test func levelsAreDremels() {
        let field = NestedField.optional("a", .list(of: .optional("element", .int32)))
        var shredder = NestedShredder([field])
        shredder.append([.elements([[.int32(1)], [.null], [.int32(3)]])])
        shredder.append([.elements([])])
        shredder.append([.null])
        shredder.append([.elements([[.int32(4)]])])
        let column = shredder.columns[0]
        #expect(column.leaf.maxDefinition == 3 && column.leaf.maxRepetition == 1)
        #expect(column.definitions == [3, 2, 3, 1, 0, 3])
        #expect(column.repetitions == [0, 1, 1, 0, 0, 0])
        #expect(column.values == [.int32(1), .int32(3), .int32(4)])
    }

    @Test func anotherSchemaIsNotSupported() throws {
        var reader = NestedFileReader(Array(Self.schema.dropLast()))
        let error = #expect(throws: ParquetError.self) { try reader.read(MemoryFile(write([Self.rows(3)]))) }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let intact = write([Self.rows(9)])
        for count in intact.indices {
            #expect(throws: ParquetError.self) { try read(Array(intact[..<count])) }
        }
    }

    @Test func everyFlippedBitIsNoticedOrHarmless() throws {
        let rows = Self.rows(9)
        let intact = write([rows, rows])
        var (noticed, damaged) = (0, intact)
        for position in intact.indices {
            for bit in 0..<8 {
                damaged[position] ^= 1 << UInt8(bit)
                defer { damaged[position] = intact[position] }
                do throws(ParquetError) {
                    let found = try read(damaged)
                    if found != rows + rows { Issue.record("bit \(bit) of byte \(position) changes the rows") }
                } catch {
                    noticed += 1
                }
            }
        }
        #expect(noticed > intact.count * 5)
    }

    /// What a checksum would have caught: levels that contradict each other, counts beyond the page.
    @Test func damagedBodiesNeverTrap() throws {
        var random = SplitMix64(seed: 32)
        var shredder = NestedShredder(Self.schema)
        for row in Self.rows(50) { shredder.append(row) }
        for _ in 0..<3000 {
            var columns = shredder.columns
            let index = Int.random(in: columns.indices, using: &random)
            var body = ByteBuffer()
            NestedPage.encode(columns[index], into: &body)
            var bytes = body.withUnsafeBytes { Array($0) }
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            let (leaf, count) = (columns[index].leaf, columns[index].definitions.count)
            let decoded = try? bytes.withUnsafeBytes {
                var reader = ByteReader($0, fileOffset: 0)
                return try NestedPage.decode(leaf, count: count, &reader)
            }
            guard let decoded else { continue }
            columns[index] = decoded
            var assembler = NestedAssembler(Self.schema, columns)
            var rowCount = 0
            while rowCount <= 50, assembler.row() != nil { rowCount += 1 }
            #expect(rowCount <= 50)
        }
    }
}
