import SpillwayModel
import SpillwayTrace

enum TraceTargets {
    /// Small, so that records and row groups are cut by it.
    private static let csvPartBytes = 512
    private static let maximumRows = 1 << 16

    static func scenario(_ input: [UInt8]) throws(FuzzFinding) {
        let files = MemorySystem(["/trace.yaml": input])
        let scenario = try accepted(or: TraceError.self) {
            try Scenario(path: "/trace.yaml", fileSystem: files)
        }
        // A scenario may be as large as it likes; what is read of it here may not.
        guard let scenario, scenario.registrations <= maximumRows, scenario.durationUs <= 7_200_000_000,
            let trace = try accepted(or: TraceError.self, { try ScenarioTrace(scenario) })
        else { return }
        let attempts = try readAll(trace)
        guard let attempts else { throw FuzzFinding("a scenario that was accepted cannot be generated") }
        try require(attempts >= trace.registrations, "\(attempts) attempts of \(trace.registrations) registrations")
    }

    /// Gzip too, if the input begins as that does. Once up to the first bad row, once without bad rows.
    static func csv(_ input: [UInt8]) throws(FuzzFinding) {
        let files = MemorySystem(["/trace.csv": input])
        for policy in BadRowPolicy.allCases {
            var options = RecordingOptions()
            options.onError = policy
            let recording = try accepted(or: TraceError.self) {
                try CSVRecording(path: "/trace.csv", fileSystem: files, options: options, partBytes: csvPartBytes)
            }
            guard let recording else { continue }
            let isRead = try readRecording(recording)
            try require(isRead || policy == .stop, "a row that was left out at opening is an error afterwards")
        }
    }

    /// As it is, then with the checksums of its pages right.
    static func parquet(_ input: [UInt8]) throws(FuzzFinding) {
        try parquetOnce(input)
        let mended = Pages.mended(file: input)
        if mended != input { try parquetOnce(mended) }
    }

    private static func parquetOnce(_ input: [UInt8]) throws(FuzzFinding) {
        let files = MemorySystem(["/trace.parquet": input])
        let recording = try accepted(or: TraceError.self) {
            try ParquetRecording(path: "/trace.parquet", fileSystem: files)
        }
        if let recording, recording.expectedAttempts <= maximumRows { try readRecording(recording) }
    }

    /// Bad rows left out, so that what follows them is read.
    static func foreign(_ input: [UInt8]) throws(FuzzFinding) {
        var options = RecordingOptions()
        options.onError = .skip
        let files = MemorySystem(["/trace.parquet": input])
        let recording = try accepted(or: TraceError.self) {
            try ParquetRecording(path: "/trace.parquet", options: options, fileSystem: files)
        }
        guard let recording, recording.expectedAttempts <= maximumRows, let attempts = try readAll(recording) else {
            return
        }
        let rejected = recording.rejectedRows?.count ?? 0
        try require(
            attempts + rejected == recording.expectedAttempts,
            "\(attempts) attempts and \(rejected) bad rows of \(recording.expectedAttempts)")
    }

    /// False if a slice is refused.
    @discardableResult
    private static func readRecording(_ recording: some Trace) throws(FuzzFinding) -> Bool {
        guard let attempts = try readAll(recording) else { return false }
        try require(
            attempts == recording.expectedAttempts, "\(attempts) attempts, not \(recording.expectedAttempts)")
        return true
    }

    /// How many attempts there are; nil if a slice is refused. Checks that they are in order of arrival.
    private static func readAll(_ trace: some Trace) throws(FuzzFinding) -> Int? {
        var slice = TraceSlice()
        var attempts = 0
        var arrived = Int64.min
        for index in 0..<trace.sliceCount {
            let isRead: Void? = try accepted(or: TraceError.self) { try trace.readSlice(index, into: &slice) }
            if isRead == nil { return nil }
            attempts += slice.count
            for time in slice.arrivedAt {
                try require(time.rawValue >= arrived, "an attempt of slice \(index) arrives before the one before it")
                arrived = time.rawValue
            }
            try require(slice.batch.count == slice.count, "columns of slice \(index) differ in length")
        }
        return attempts
    }
}
