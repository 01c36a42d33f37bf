import Foundation
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Cut at any byte of its last record, a file loses that record at most: what was acknowledged before is there, to a
/// view and after opening.
@Suite struct CutShortTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()

    /// A copy of a store with one file cut.
    private func cut(_ path: String, _ file: String, to length: Int) throws -> String {
        let copy = directory.path("cut")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        try system.open("\(copy)/\(file)", .write).truncate(to: UInt64(length))
        return copy
    }

    private func check(_ path: String, _ expected: [UInt64], _ length: Int) throws {
        let view = try StoreView(path: path, system: system)
        #expect(try identities(view) == expected, "a view, cut to \(length)")
        let opened = try Store.open(path, system: UnsyncedSystem())
        #expect(try identities(opened.view) == expected, "opened, cut to \(length)")
        #expect(try identities(StoreView(path: path, system: system)) == expected, "once recovered, cut to \(length)")
    }

    @Test(arguments: [TinyStore.Place.open, .journal])
    func aFileOfFrames(_ place: TinyStore.Place) throws {
        let store = try TinyStore(place, in: directory)
        let bytes = try store.bytes(of: store.file)
        let name = try #require(store.file.split(separator: "/").last)
        let salt = try #require(UInt64(name.prefix { $0 != "." }.suffix(16), radix: 16))
        let walk = try FrameWalk(
            system.open("\(store.path)/\(store.file)", .read), salt: salt, from: place == .open ? 4 : 0,
            to: UInt64(bytes.count), mayBeTorn: true)
        let last = try #require(walk.places.last)
        #expect(walk.places.count == 3 && last.end == UInt64(bytes.count))
        for length in Int(last.offset)..<bytes.count {
            try check(cut(store.path, store.file, to: length), Array(2..<6), length)
        }
        try check(cut(store.path, store.file, to: bytes.count), Array(2..<8), bytes.count)
    }

    /// The log's last version is whole before it has its name, so that no crash cuts it. If it is cut all the same, the
    /// segment that it named lies in the directory, and is entered anew.
    @Test func theLogsLastVersion() throws {
        let store = try SmallStore(in: directory)
        let bytes = try store.bytes(of: store.logVersion(2))
        let expected = Array(0..<UInt64(SmallStore.rowCount))
        let newline = UInt8(ascii: "\n")
        func isLineEnd(_ length: Int) -> Bool { bytes[length] == newline || length > 0 && bytes[length - 1] == newline }
        for length in 0..<bytes.count {
            let path = try cut(store.path, store.logVersion(2), to: length)
            var verification = Verification(path: path, system: system)
            verification.threads = 1
            let problems = try verification.run().problems
            #expect(problems.map(\.file) == [store.logVersion(2)] && problems.first?.offset == UInt64(length))
            // A cut within a line is like any other there.
            guard length % 16 == 0 || isLineEnd(length) else { continue }
            try check(path, expected, length)
            #expect(try DeltaLog(layout: StoreLayout(root: path), system: system).load().live.count == 3)
        }
    }

    /// Of an only version, too: the table is made anew under its id.
    @Test func theLogsOnlyVersion() throws {
        let path = directory.path("new")
        _ = try Store.open(path, system: system)
        let file = "_delta_log/00000000000000000000.json"
        for length in stride(from: 0, to: try system.readAll("\(path)/\(file)").count, by: 17) {
            let copy = try cut(path, file, to: length)
            try check(copy, [], length)
            #expect(try DeltaLog(layout: StoreLayout(root: copy), system: system).load().version == 0)
        }
    }

    /// One before the last is damage: versions after it build on it.
    @Test func anEarlierVersionIsNamed() throws {
        let store = try SmallStore(in: directory)
        let file = store.logVersion(1)
        for length in stride(from: 0, to: try store.bytes(of: file).count, by: 29) {
            let path = try cut(store.path, file, to: length)
            let error = #expect(throws: StoreError.self) { try StoreView(path: path, system: system) }
            guard case .damaged(let named, _, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(named == "\(path)/\(file)")
        }
    }

    /// Whole frames of an earlier file, as recycled disk blocks hold them, do not have this file's salt.
    @Test(arguments: [TinyStore.Place.open, .journal])
    func framesOfAnEarlierFileAreNotReplayed(_ place: TinyStore.Place) throws {
        let store = try TinyStore(place, in: directory)
        let bytes = try store.bytes(of: store.file)
        let earlier = directory.path("earlier")
        let frames = FrameFile(file: try system.open(earlier, .create), salt: 0x0dd, length: 0)
        for number in 4...6 as ClosedRange<UInt64> {
            // What comes next, by sequence number and epoch.
            let frame = place == .journal ? journalFrame(100..<103) : rowGroupFrame(100..<103)
            _ = try frames.append(frame, epoch: epoch(number), endsEpoch: true)
            try frames.sync()
        }
        var stale = try system.readAll(earlier)
        // The sequence numbers that would follow on, with a checksum that holds.
        stale = try renumbered(stale, salt: 0x0dd, from: 3)
        for tail in [stale, Array(bytes.suffix(40)) + stale, Array(stale.dropFirst(11))] {
            let path = try cut(store.path, store.file, to: bytes.count)
            try system.open("\(path)/\(store.file)", .write).write(tail, at: UInt64(bytes.count))
            try check(path, Array(2..<8), bytes.count)
        }
        let path = try cut(store.path, store.file, to: bytes.count - 5)
        try system.open("\(path)/\(store.file)", .write).write(stale, at: UInt64(bytes.count - 5))
        try check(path, Array(2..<6), bytes.count - 5)
    }

    private func renumbered(_ bytes: [UInt8], salt: UInt64, from first: UInt64) throws -> [UInt8] {
        var (rest, result, sequence) = (bytes[...], [UInt8](), first)
        while !rest.isEmpty {
            var header = try #require(rest.withUnsafeBytes { FrameHeader($0, salt: salt) })
            header.sequence = sequence
            var buffer = ByteBuffer(capacity: FrameHeader.byteCount)
            buffer.append(repeatElement(0, count: FrameHeader.byteCount))
            header.write(over: &buffer)
            let length = FrameHeader.byteCount + Int(header.contentLength)
            result += buffer.withUnsafeBytes { [UInt8]($0) } + rest.prefix(length).dropFirst(FrameHeader.byteCount)
            rest = rest.dropFirst(length)
            sequence += 1
        }
        return result
    }
}
