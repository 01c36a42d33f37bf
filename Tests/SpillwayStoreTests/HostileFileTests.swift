import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Files whose checksums are right and whose claims are not.
@Suite struct HostileFileTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    /// A store whose open segment holds one row group, described as `describe` leaves it.
    private func storeWithOpenSegment(
        _ mark: EpochMark = epoch(1), describe: (inout RowGroupMetadata) -> Void = { _ in }
    ) throws {
        _ = try Store.open(path, system: system)
        let honest = rowGroupFrame(0..<40)
        var metadata = try #require(honest.rowGroup)
        describe(&metadata)
        let body = honest.bytes.withUnsafeBytes { Array($0[FrameHeader.byteCount...].prefix(honest.bodyLength)) }
        let frame = FrameBuffer()
        frame.begin()
        frame.bytes.append(body)
        frame.end(rowGroup: metadata, rollup: nil)
        let name = SegmentName(number: 0, salt: 7)
        let file = try system.open(StoreLayout(root: path).open(name), .create)
        try file.write(OpenSegment.magic, at: 0)
        let frames = FrameFile(file: file, salt: 7, length: UInt64(OpenSegment.magic.count))
        _ = try frames.append(frame, epoch: mark, endsEpoch: true)
    }

    struct Lie: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var tell: @Sendable (inout RowGroupMetadata) -> Void
    }

    static let lies = [
        Lie(testDescription: "a chunk that ends far beyond the frame") { $0.columns[6].compressedByteCount = .max / 2 },
        Lie(testDescription: "a chunk that begins beyond the frame") { $0.columns[0].dataPageOffset = 1 << 40 },
        Lie(testDescription: "a column too few") { $0.columns.removeLast() },
        Lie(testDescription: "a column of another type") { $0.columns[6].type = .int64 },
        Lie(testDescription: "a column of another name") { $0.columns[1].name = "identities" },
        Lie(testDescription: "other rows than the frame has") { group in
            group.rowCount = 1 << 30
            for column in group.columns.indices { group.columns[column].valueCount = 1 << 30 }
        },
    ]

    @Test(arguments: lies) func anOpenSegmentThatLiesIsDamaged(_ lie: Lie) throws {
        try storeWithOpenSegment(describe: lie.tell)
        let error = #expect(throws: StoreError.self) { try StoreView(path: path, system: system) }
        guard case .damaged(let file, let offset, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file.contains("/open/part-00000-") && offset > 0)
    }

    /// Sealed, it would be a file that nothing reads.
    @Test func anOpenSegmentWithoutItsMagicIsDamaged() throws {
        try storeWithOpenSegment()
        let segment = StoreLayout(root: path).open(SegmentName(number: 0, salt: 7))
        try system.open(segment, .write).write([UInt8(ascii: "Q")], at: 0)
        let damage = StoreError.damaged(path: segment, offset: 0, problem: "does not begin with PAR1")
        #expect(throws: damage) { try Store.open(path, system: system) }
        #expect(try system.exists(segment))
    }

    @Test func anHonestOneIsRead() throws {
        try storeWithOpenSegment()
        #expect(try identities(StoreView(path: path, system: system)) == Array(0..<40))
    }

    /// The next of the greatest number would be none, and the table's log has signed ones.
    @Test(arguments: [UInt64.max, 1 << 62]) func numbersWithoutANextAreRefused(_ number: UInt64) throws {
        try storeWithOpenSegment(EpochMark(number: number, position: .none))
        #expect(try StoreView(path: path, system: system).rowCount == 0, "as a torn write")
        let salt = "00000000000000ff"
        #expect(SegmentName(fileName: "part-\(number)-\(salt).parquet") == nil)
        #expect(SegmentName(fileName: "part-\((1 << 62) - 1)-\(salt).parquet") != nil)
    }

    @Test func positionsWithoutANextAreRefused() throws {
        try storeWithOpenSegment(EpochMark(number: 1, position: StreamPosition(stream: 1, attempts: .max)))
        #expect(try StoreView(path: path, system: system).rowCount == 0)
    }

    /// RFC 3339 has years 1 to 9999; a bound beyond them is left out, as it would overflow or lie.
    @Test(arguments: [Int64.min, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
    func timesThatCannotBeWrittenBoundNothing(_ time: Int64) throws {
        let store = try Store.open(path, system: system).store
        let block = RowBlockPool().take()
        var row = Row(1).packed
        row.registeredAt = time
        block.append(row)
        let frame = FrameBuffer()
        RowGroupBuilder().build([block], into: frame)
        try store.append(rowGroups: [frame], epoch: epoch(1))
        try store.seal()
        let stats = store.logState.live.values.first?.stats
        #expect(stats?.contains("\"registered_at\":\"") == false, "\(stats ?? "")")
        #expect(stats?.contains("\"latency_us\":1") == true)
    }

    /// A latency is 32 bits: a bound of 64 is none.
    @Test func boundsHaveTheirColumnsWidth() throws {
        var group = try #require(rowGroupFrame(0..<40).rowGroup)
        #expect(group.integerRange(of: .latencyUs) == 0...39)
        group.columns[SegmentColumn.latencyUs.rawValue].max = Int64.max.littleEndianBytes
        #expect(group.integerRange(of: .latencyUs) == nil)
        group.columns[SegmentColumn.identity.rawValue].max = Int32(39).littleEndianBytes
        #expect(group.integerRange(of: .identity) == nil)
    }
}
