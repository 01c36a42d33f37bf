import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// A journal frame's content: the rows of one small epoch in plain columns, then the names of their labels, and what
/// became of attempts that brought no row.
///
/// Body, for n rows: n × i64 registered_at, n × u64 identity, n × i32 latency_us, n × 2 letters country, n × u16
/// platform, n × u16 source. Metadata: u16 count of labels, then each as u8 length and UTF-8; platform and source
/// are indexes into these. Then u64, the epoch after which outcomes are tallied, and the tally. All little-endian.
package enum JournalRecord {
    private static let bytesPerRow = 8 + 8 + 4 + 2 + 2 + 2

    package static func write(_ blocks: [RowBlock], _ outcomes: RecordedOutcomes, into frame: FrameBuffer) {
        frame.begin()
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        frame.bytes.reserve(rowCount * bytesPerRow)
        var labels = LabelIndex()
        let letters = letters
        appendColumn(of: blocks, to: frame) { $0.registeredAt }
        appendColumn(of: blocks, to: frame) { $0.identity }
        appendColumn(of: blocks, to: frame) { $0.attributes.latencyUs }
        appendColumn(of: blocks, to: frame) { letters[Int($0.attributes.country.index)] }
        appendColumn(of: blocks, to: frame) { labels.index(of: $0.attributes.platform) }
        appendColumn(of: blocks, to: frame) { labels.index(of: $0.attributes.source) }
        frame.endBody(rowCount: rowCount)
        labels.write(into: &frame.bytes)
        frame.journaled.append(contentsOf: blocks)
        frame.end(outcomes: outcomes)
    }

    /// Of each country, by its index, as a little-endian integer.
    private static let letters = Country.codes.map { code in
        code.utf8.reversed().reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
    }

    /// An epoch's answer waits for this.
    @inline(__always)
    private static func appendColumn<Value: FixedWidthInteger>(
        of blocks: [RowBlock], to frame: FrameBuffer, _ value: (PackedRow) -> Value
    ) {
        let size = MemoryLayout<Value>.size
        for block in blocks {
            frame.bytes.withRoom(block.count * size) { room in
                for row in 0..<block.count {
                    room.storeBytes(of: value(block.rows[row]).littleEndian, toByteOffset: row * size, as: Value.self)
                }
                return room.count
            }
        }
    }

    /// What a record holds whose checksum was found right; nil if it makes no sense all the same.
    static func read(
        _ content: [UInt8], rowCount: Int, bodyLength: Int
    ) -> (rows: RegistrationBatch, outcomes: RecordedOutcomes)? {
        guard bodyLength <= content.count, rowCount >= 0, rowCount <= content.count / bytesPerRow,
            bodyLength == rowCount * bytesPerRow
        else { return nil }
        var rest = content[bodyLength...]
        guard let labels = LabelIndex.read(from: &rest), let outcomes = RecordedOutcomes(rest),
            let rows = rows(in: content, rowCount, labels)
        else { return nil }
        return (rows, outcomes)
    }

    private static func rows(in content: [UInt8], _ rowCount: Int, _ labels: [Label]) -> RegistrationBatch? {
        var batch = RegistrationBatch()
        batch.reserveCapacity(rowCount)
        let isSound = content.withUnsafeBytes { bytes in
            func value<Value: FixedWidthInteger>(_ row: Int, column: Int, _: Value.Type) -> Value {
                let offset = column * rowCount + row * MemoryLayout<Value>.size
                return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
            }
            for row in 0..<rowCount {
                let platform = Int(value(row, column: 22, UInt16.self))
                let source = Int(value(row, column: 24, UInt16.self))
                let letters = value(row, column: 20, UInt16.self)
                let code = String(decoding: [UInt8(letters & 0xff), UInt8(letters >> 8)], as: UTF8.self)
                let latencyUs = value(row, column: 16, Int32.self)
                guard let country = Country(code), latencyUs >= 0, platform < labels.count, source < labels.count
                else { return false }
                batch.append(
                    Registration(
                        registeredAt: Timestamp(rawValue: value(row, column: 0, Int64.self)),
                        identity: Identity(rawValue: value(row, column: 8, UInt64.self)), country: country,
                        platform: labels[platform], source: labels[source], latencyUs: Int(latencyUs)))
            }
            return true
        }
        return isSound ? batch : nil
    }
}

/// Numbers the labels of a record in the order in which they come up.
private struct LabelIndex {
    /// By code.
    private var indexes = [UInt16](repeating: Self.none, count: Label.maximumCount)
    private var labels: [Label] = []

    private static let none = UInt16.max

    @inline(__always)
    mutating func index(of label: Label) -> UInt16 {
        let index = indexes[Int(label.code)]
        return index == Self.none ? add(label) : index
    }

    @inline(never)
    private mutating func add(_ label: Label) -> UInt16 {
        let index = UInt16(labels.count)
        indexes[Int(label.code)] = index
        labels.append(label)
        return index
    }

    func write(into bytes: inout ByteBuffer) {
        bytes.append(littleEndian: UInt16(labels.count))
        for label in labels {
            bytes.append(UInt8(label.name.utf8.count))
            bytes.append(Array(label.name.utf8))
        }
    }

    static func read(from rest: inout ArraySlice<UInt8>) -> [Label]? {
        guard rest.count >= 2, let low = rest.popFirst(), let high = rest.popFirst() else { return nil }
        let count = Int(high) << 8 | Int(low)
        var labels: [Label] = []
        for _ in 0..<count {
            guard let length = rest.popFirst().map(Int.init), length <= rest.count,
                let label = Label(String(decoding: rest.prefix(length), as: UTF8.self))
            else { return nil }
            labels.append(label)
            rest = rest.dropFirst(length)
        }
        return labels
    }
}

extension RecordedOutcomes {
    /// Nil if the bytes are no such tally, or more than one.
    fileprivate init?(_ bytes: ArraySlice<UInt8>) {
        let size = MemoryLayout<UInt64>.size
        let read = bytes.withUnsafeBytes { bytes -> RecordedOutcomes? in
            guard bytes.count >= size else { return nil }
            let since = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
            let rest = UnsafeRawBufferPointer(rebasing: bytes[size...])
            guard let (tally, byteCount) = try? OutcomeTally.parse(rest, at: 0), byteCount == rest.count else {
                return nil
            }
            return RecordedOutcomes(since: since, tally)
        }
        guard let read else { return nil }
        self = read
    }
}
