import Foundation
import SpillwayArrow
import SpillwayTestSupport
import Testing

/// Arrow streams as other implementations read them: see Tests/Interop/read_arrow.py.
@Suite struct ArrowTests {
    /// Around the ends of bytes of validity, and of batches.
    @Test(arguments: [0, 1, 7, 8, 9, 65_536, 70_001])
    func otherReadersSeeEveryValue(rowCount: Int) throws {
        let rows = 0..<rowCount
        let names: [String?] = rows.map { $0 % 3 == 2 ? nil : "group \($0) ünï 微信" }
        let times: [Int64?] = rows.map { $0 % 5 == 4 ? nil : 1_633_359_600_000_000 + Int64($0) }
        let counts: [Int64?] = rows.map { Int64.max - Int64($0) }
        let latencies: [Int64?] = rows.map { $0 % 2 == 0 ? nil : -Int64($0) }
        let shares: [Double?] = rows.map { $0 == 1 ? nil : Double($0) / 8 }

        let directory = TemporaryDirectory()
        let bytes = try ArrowStream.bytes(
            of: [
                ArrowColumn("region", .texts(names)), ArrowColumn("registeredAt", .instantsUs(times)),
                ArrowColumn("registrations", .integers(counts)), ArrowColumn("latencyUs.p99", .integers(latencies)),
                ArrowColumn("share", .numbers(shares)),
            ], rowCount: rowCount)
        let expected = try [
            column("region", "string", names), column("registeredAt", "timestamp[us, tz=UTC]", times),
            column("registrations", "int64", counts), column("latencyUs.p99", "int64", latencies),
            column("share", "double", shares),
        ].joined(separator: ",")
        let (status, output) = try Python.run([
            Python.script("read_arrow.py"), directory.file("table.arrows", bytes),
            directory.file("expected.json", "{\(expected)}".utf8),
        ])
        #expect(status == 0, "\(output)")
    }

    private func column<Value: Encodable>(_ name: String, _ type: String, _ values: [Value?]) throws -> String {
        let json = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        return "\"\(name)\":{\"type\":\"\(type)\",\"values\":\(json)}"
    }
}
