import Foundation
import SpillwayModel
import SpillwayTestSupport
import SpillwayTrace
import Testing

@Suite struct RecordCommandTests {
    private let directory = TemporaryDirectory()
    private var store: String { directory.path("store") }

    private func replay() throws {
        let run = try CommandRun("replay", calmDay, "--store", store, "--scale", "0.01", "--limit", "12000")
        #expect(run.status == 0, "\(run.errors)")
    }

    private func registrations(in trace: any Trace) throws -> [Registration] {
        var slice = TraceSlice()
        return try (0..<trace.sliceCount).flatMap { index in
            try trace.readSlice(index, into: &slice)
            return (0..<slice.count).map { slice.batch[$0] }
        }
    }

    @Test(arguments: ["day.csv", "day.parquet"])
    func aRecordedStoreReplaysIntoTheSameRows(name: String) throws {
        try replay()
        let file = directory.path(name)
        let run = try CommandRun("record", "--store", store, "--out", file, "--format", "json")
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let answer = try run.json([String: Any].self)
        let rows = try registrations(in: StoreTrace(path: store))
        #expect(answer["attempts"] as? Int == rows.count && answer["registrations"] as? Int == rows.count)
        #expect(answer["file"] as? String == file)
        #expect(try registrations(in: openTrace(file)) == rows)

        let other = directory.path("other")
        #expect(try CommandRun("replay", file, "--store", other).status == 0)
        #expect(try Set(registrations(in: StoreTrace(path: other))) == Set(rows))
    }

    @Test func aLimitKeepsTheFirstInTime() throws {
        try replay()
        let file = directory.path("head.csv")
        let run = try CommandRun("record", "--store", store, "--out", file, "--limit", "100")
        #expect(run.output == "\(file): 100 registrations\n")
        let rows = try registrations(in: StoreTrace(path: store))
        #expect(try registrations(in: openTrace(file)) == Array(rows[..<100]))
        #expect(try CommandRun("record", "--store", store, "--out", file, "--limit", "-1").status == 64)
    }

    @Test func aDamagedStoreLeavesNoRecording() throws {
        try replay()
        let segment = try #require(try directory.names(in: "store").first { $0.hasSuffix(".parquet") })
        var bytes = try directory.bytes("store/\(segment)")
        bytes[1000] ^= 1
        _ = try directory.file("store/\(segment)", bytes)
        let run = try CommandRun("record", "--store", store, "--out", directory.path("day.parquet"))
        #expect(run.status == 1)
        #expect(run.errors.contains("\(segment) is damaged at byte"), "\(run.errors)")
        #expect(try directory.names == ["store"])
    }

    @Test func wrongNamesAreTold() throws {
        let run = try CommandRun("record", "--store", store, "--out", directory.path("day.csv"))
        #expect(run.status == 65 && run.errors.contains("there is no such store"))
        try replay()
        let other = try CommandRun("record", "--store", store, "--out", directory.path("day.xlsx"))
        #expect(other.status == 65 && other.errors.contains(".csv or .parquet"))
    }
}
