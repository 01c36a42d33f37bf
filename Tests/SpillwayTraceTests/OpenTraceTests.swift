import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

/// What a path is opened as, and which options mean something for it.
struct OpenTraceTests {

    @Test func kindsAreToldByNameAndContent() throws {
        let directory = TemporaryDirectory()
        #expect(try TraceKind(path: "a/b.yaml") == .scenario && TraceKind(path: "B.YML") == .scenario)
        #expect(try TraceKind(path: "b.csv") == .csv && TraceKind(path: "b.csv.gz") == .csv)
        #expect(try TraceKind(path: "b.parquet") == .parquet)
        #expect(try TraceKind(path: directory.path) == .parquetTable)
        #expect(throws: TraceError.self) { try TraceKind(path: "b.gz") }
    }

    @Test func emptyDirectoriesAreNoTraces() throws {
        let directory = TemporaryDirectory()
        #expect(throws: TraceError.self) { try openTrace(directory.path) }
    }

    @Test func scenariosHaveNoColumns() throws {
        var options = RecordingOptions()
        options.mapping = try RecordingMapping("identity=phone")
        let path = TestScenarios.path("norm")
        let mapped = #expect(throws: TraceError.self) { try openTrace(path, recording: options) }
        #expect("\(try #require(mapped))".contains("only a recording has columns of other names to map"))
        options = RecordingOptions()
        options.identities = .hash(SipKey(1, 2))
        let hashed = #expect(throws: TraceError.self) { try openTrace(path, recording: options) }
        #expect("\(try #require(hashed))".contains("only a recording has identities to hash"))
    }

    @Test func recordingsDrawNothingAndCanBeScaled() throws {
        let directory = TemporaryDirectory()
        let path = directory.path("day.csv")
        let writer = try RecordingWriter(path: path)
        var slice = TraceSlice()
        try TestScenarios.storm(scale: 0.05).readSlice(2, into: &slice)
        try writer.append(slice)
        try writer.finish()
        #expect(throws: TraceError.self) { try openTrace(path, seed: 1) }
        let once = try openTrace(path).allAttempts()
        let twice = try openTrace(path, scale: 2).allAttempts()
        #expect(!once.isEmpty && twice.count == 2 * once.count)
        let people = Set(once.map(\.registration.identity))
        #expect(Set(twice.map(\.registration.identity)).count == 2 * people.count)
    }
}
