internal import SpillwayInterchange

/// Makes latencies out of whatever a column has for them.
enum ForeignLatencies {
    /// Fills `latencies`, in microseconds, with 0 where none was measured and −1 where it is out of range.
    static func fill(_ latencies: inout [Int32], _ vector: ColumnVector?, _ name: String, _ bad: inout BadRows) {
        guard let vector else {
            for row in latencies.indices { latencies[row] = 0 }
            return
        }
        let texts = vector.type == .text ? found(vector.texts) : []
        for row in latencies.indices {
            if vector.isNull(row) {
                latencies[row] = 0
            } else if let latency = vector.type == .text ? texts[Int(vector.codes[row])] : latency(vector, row) {
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

    /// Nil if it is not whole.
    @inline(__always)
    private static func latency(_ vector: ColumnVector, _ row: Int) -> Int32? {
        guard let number = vector.wholeNumber(row) else { return nil }
        // What has no sign and looks negative is too large.
        return number < 0 ? -1 : Int32(exactly: number) ?? -1
    }
}
