import SpillwayModel
import Testing

@testable import SpillwayTrace

@Suite struct RecordingOptionsTests {
    @Test func mappingsNameColumnsAndConstants() throws {
        let mapping = try RecordingMapping("identity=phone,registeredAt=created at,country==IN,latency_us==250")
        #expect(mapping.origin(of: .identity) == .column("phone"))
        #expect(mapping.origin(of: .registeredAt) == .column("created at"))
        #expect(mapping.origin(of: .country) == .constant("IN"))
        #expect(mapping.origin(of: .platform) == .column("platform"))
        #expect(mapping.constant(of: .latencyUs) == "250" && mapping.constant(of: .identity) == nil)
    }

    @Test func mappingsAreWrittenAsTheyAreRead() throws {
        let mapping = try RecordingMapping("platform==web,arrivedAt=seen,identity=a=b")
        #expect(mapping.description == "identity=a=b,platform==web,arrived_at=seen")
        #expect(try RecordingMapping(mapping.description) == mapping)
        #expect(RecordingMapping().description == "")
    }

    @Test(arguments: [
        ("", "pairs such as"), ("phone", "pairs such as"), ("identity=phone,", "pairs such as"),
        ("phone=identity", "there is no column 'phone'"), ("region=land", "there is no column 'region'"),
        ("identity=a,identity=b", "twice"), ("registered_at=a,registeredAt=b", "twice"),
        ("identity=", "nothing after 'identity='"), ("country==", "nothing after 'country='"),
        ("identity==5", "same for all rows"), ("registeredAt==2021-10-04", "same for all rows"),
        ("country==XX", "two letters"), ("country==in", "two letters"), ("latency_us==-1", "0 to 2147483647"),
        ("latency_us==2147483648", "0 to 2147483647"), ("latency_us==fast", "0 to 2147483647"),
        ("source==\(String(repeating: "x", count: 256))", "1 to 255 bytes"),
    ]) func mistakesAreExplained(text: String, problem: String) {
        let error = #expect(throws: RecordingMappingError.self) { try RecordingMapping(text) }
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func fingerprintsTellMeaningsApart() throws {
        func fingerprint(_ change: (inout RecordingOptions) throws -> Void) rethrows -> UInt64 {
            var options = RecordingOptions()
            try change(&options)
            var hash = RecordingFingerprint()
            options.combine(into: &hash)
            return hash.value(fileSize: 0)
        }
        let plain = fingerprint { _ in }
        #expect(plain == RecordingFingerprint().value(fileSize: 0))
        // What became of bad rows tells nothing of the others.
        #expect(fingerprint { $0.onError = .skip } == plain)
        let others = try [
            fingerprint { $0.mapping = try RecordingMapping("identity=phone") },
            fingerprint { $0.mapping = try RecordingMapping("identity=mail") },
            fingerprint { $0.identities = .hash(SipKey(1, 2)) }, fingerprint { $0.identities = .hash(SipKey(2, 1)) },
        ]
        #expect(Set(others + [plain]).count == 5)
    }
}
