internal import SpillwayInterchange

/// Makes latencies out of whatever a column has for them.
enum ForeignLatencies {
    /// Fills `latencies`, in microseconds, with 0 where none was measured and −1 where it is out of range.
    static func fill(_ latencies: inout [Int32], _ vector: ColumnVector?, _ name: String, _ bad: inout BadRows) {
        guard let vector else {
            for row in latencies.indices { latencies[row] = 0 }
            return
        }
        if vector.type == .text {
            let found = found(vector.texts)
            fill(&latencies, vector, name, &bad) { found[Int($0.codes[$1])] }
        } else {
            let numbers = WholeNumbers(vector)
            // What has no sign and looks negative is too large.
            fill(&latencies, vector, name, &bad) { _, row in
                numbers[row].map { $0 < 0 ? -1 : Int32(exactly: $0) ?? -1 }
            }
        }
    }

    @inline(__always)
    private static func fill(
        _ latencies: inout [Int32], _ vector: ColumnVector, _ name: String, _ bad: inout BadRows,
        _ latency: (ColumnVector, Int) -> Int32?
    ) {
        let nulls = vector.nulls
        for row in latencies.indices {
            if !nulls.isEmpty, nulls[row] {
                latencies[row] = 0
            } else if let latency = latency(vector, row) {
                latencies[row] = latency
            } else {
                bad.add(row, column: name, "found \(vector.shown(row)); a whole number is wanted")
            }
        }
    }

    private static func found(_ texts: TextTable) -> [Int32?] {
        let values = RecordingText()
        var found: [Int32?] = []
        texts.forEach { found.append(values.latencyUs($0)) }
        return found
    }
}
