internal import SpillwayModel
internal import SpillwayPlatform

/// Writes what ``CSVRecording`` reads.
struct CSVRecordingEncoder: RecordingEncoder {
    private static let columns: [RecordingColumn] = [
        .registeredAt, .identity, .country, .platform, .source, .latencyUs, .arrivedAt,
    ]
    /// RFC 3339 has four digits for the year.
    private static let years: Range<Int64> = -62_135_596_800_000_000..<253_402_300_800_000_000

    private var output: [UInt8] = []
    /// By code, as they are written; nil until they occur.
    private var labels = [[UInt8]?](repeating: nil, count: Label.maximumCount + 1)
    private let countries = Country.all.map { Array($0.code.utf8) }
    /// Days since 1970 and their date, of the time last written.
    private var day: Int64 = .min
    private var date: [UInt8] = []

    private static let flushBytes = 1 << 20

    mutating func begin(_ file: RecordingFile) throws(TraceError) {
        output += Self.columns.map(\.rawValue).joined(separator: ",").utf8
        output.append(.lineFeed)
    }

    mutating func append(_ slice: TraceSlice, firstRow: Int, to file: RecordingFile) throws(TraceError) {
        let attempts = slice.batch
        for row in 0..<slice.count {
            try check(attempts.registeredAt[row], .registeredAt, row: firstRow + row, file)
            try check(slice.arrivedAt[row], .arrivedAt, row: firstRow + row, file)
            append(attempts.registeredAt[row])
            output.append(.comma)
            output += String(attempts.identity[row].rawValue).utf8
            output.append(.comma)
            if attempts.country[row] != .unknown { output += countries[Int(attempts.country[row].index)] }
            output.append(.comma)
            append(attempts.platform[row])
            output.append(.comma)
            append(attempts.source[row])
            output.append(.comma)
            output += String(attempts.latencyUs[row]).utf8
            output.append(.comma)
            append(slice.arrivedAt[row])
            output.append(.lineFeed)
            if output.count >= Self.flushBytes { try flush(to: file) }
        }
    }

    private func check(
        _ time: Timestamp, _ column: RecordingColumn, row: Int, _ file: RecordingFile
    ) throws(TraceError) {
        if Self.years.contains(time.rawValue) { return }
        throw .recording(
            RecordingError(
                file: file.path, row: row + 2, column: column.rawValue,
                problem:
                    "\(time.rawValue) µs since 1970 is outside of the years 1 to 9999 that CSV can hold: "
                    + "write Parquet"))
    }

    mutating func finish(_ file: RecordingFile) throws(TraceError) { try flush(to: file) }

    private mutating func flush(to file: RecordingFile) throws(TraceError) {
        try file.append(output)
        output.removeAll(keepingCapacity: true)
    }

    /// RFC 3339 in UTC with microseconds.
    private mutating func append(_ time: Timestamp) {
        let (day, us) = time.rawValue.flooredDivision(by: Timestamp.microsecondsPerDay)
        if day != self.day {
            self.day = day
            date = Array(time.rfc3339.utf8.prefix(10))
        }
        let seconds = us / Timestamp.microsecondsPerSecond
        output += date
        append(UInt8(ascii: "T"), seconds / 3600, digits: 2)
        append(UInt8(ascii: ":"), seconds / 60 % 60, digits: 2)
        append(UInt8(ascii: ":"), seconds % 60, digits: 2)
        append(UInt8(ascii: "."), us % Timestamp.microsecondsPerSecond, digits: 6)
        output.append(UInt8(ascii: "Z"))
    }

    private mutating func append(_ separator: UInt8, _ number: Int64, digits: Int) {
        output.append(separator)
        var unit: Int64 = digits == 2 ? 10 : 100_000
        while unit > 0 {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }

    private mutating func append(_ label: Label) {
        let code = Int(label.code)
        if let bytes = labels[code] {
            output += bytes
            return
        }
        let bytes = Self.quoted(label.name)
        labels[code] = bytes
        output += bytes
    }

    /// RFC 4180, section 2, rules 5 to 7.
    private static func quoted(_ text: String) -> [UInt8] {
        let special: [UInt8] = [.comma, .quote, .lineFeed, .carriageReturn]
        guard text.utf8.contains(where: special.contains) else { return Array(text.utf8) }
        return [.quote] + text.utf8.flatMap { $0 == .quote ? [$0, $0] : [$0] } + [.quote]
    }
}
