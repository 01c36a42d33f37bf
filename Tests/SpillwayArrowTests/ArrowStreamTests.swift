import Testing

@testable import SpillwayArrow

/// What the format says of every stream; that readers find the values is tested by SpillwayInteropTests.
struct ArrowStreamTests {
    /// Lengths of each message's metadata, and of the body that it announces; fails if the stream is not made of whole
    /// messages.
    private func messages(_ stream: [UInt8]) throws -> [(metadata: Int, body: Int)] {
        var messages: [(metadata: Int, body: Int)] = []
        var place = 0
        while true {
            try #require(stream.count >= place + 8 && stream[place..<place + 4] == [255, 255, 255, 255])
            let length = number(UInt32.self, in: stream, at: place + 4)
            place += 8
            if length == 0 { break }
            let metadata = Array(stream[place..<place + length])
            let body = try bodyLength(metadata)
            messages.append((length, body))
            place += length + body
        }
        #expect(place == stream.count)
        return messages
    }

    /// Field 3 of the root table, found as any reader of FlatBuffers finds it.
    private func bodyLength(_ metadata: [UInt8]) throws -> Int {
        let table = number(UInt32.self, in: metadata, at: 0)
        let fields = table - number(Int32.self, in: metadata, at: table)
        let offset = number(UInt16.self, in: metadata, at: fields + 4 + 2 * 3)
        try #require(offset > 0 && (table + offset) % 8 == 0)
        return number(Int64.self, in: metadata, at: table + offset)
    }

    private func number<Value: FixedWidthInteger>(_: Value.Type, in bytes: [UInt8], at offset: Int) -> Int {
        var value: Value = 0
        for byte in 0..<MemoryLayout<Value>.size {
            value |= Value(truncatingIfNeeded: Int(bytes[offset + byte])) << (8 * byte)
        }
        return Int(value)
    }

    @Test func aStreamIsASchemaBatchesAndAnEnd() throws {
        let none = try messages(ArrowStream.bytes(of: [], rowCount: 0))
        #expect(none.count == 1 && none[0].body == 0)
        for rowCount in [0, 1, 65_536, 65_537, 200_000] {
            let column = ArrowColumn("n", .integers((0..<rowCount).map(Int64.init)))
            let messages = try messages(ArrowStream.bytes(of: [column], rowCount: rowCount))
            #expect(messages.count == 1 + (rowCount + 65_535) / 65_536)
            #expect(messages.allSatisfy { $0.metadata % 8 == 0 && $0.body % 8 == 0 })
            #expect(messages.reduce(0) { $0 + $1.body } == 8 * rowCount)
        }
    }

    @Test func validityIsABitForEachRow() throws {
        var body = ArrowBody()
        let values = [1, nil, 3, 4, 5, 6, 7, nil, 9] as [Double?]
        try body.append(ArrowColumn("x", .numbers(values)), rows: 0..<9)
        #expect(Array(body.bytes.prefix(8)) == [0b0111_1101, 0b1, 0, 0, 0, 0, 0, 0])
        #expect(body.nodes.map(\.0) == [9] && body.nodes.map(\.1) == [2])
        #expect(body.buffers.map(\.0) == [0, 8] && body.buffers.map(\.1) == [2, 72])
    }

    @Test func textsFollowTheirEnds() throws {
        var body = ArrowBody()
        try body.append(ArrowColumn("x", .texts(["a", "bc", ""])), rows: 1..<3)
        #expect(body.buffers.map(\.0) == [0, 0, 16] && body.buffers.map(\.1) == [0, 12, 2])
        #expect(body.bytes == [0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 98, 99, 0, 0, 0, 0, 0, 0])
    }
}
