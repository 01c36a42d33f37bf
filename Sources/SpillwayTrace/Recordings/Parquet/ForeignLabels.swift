internal import SpillwayInterchange
internal import SpillwayModel

/// Makes countries, platforms and sources out of strings.
enum ForeignLabels {
    /// What stands for a platform or a source that is not known.
    private static let unknown: Label = "unknown"

    /// Fills `countries`; a row without one is bad.
    static func fill(_ countries: inout [Country], _ vector: ColumnVector?, _ name: String, _ bad: inout BadRows) {
        guard let vector else { return }
        let values = RecordingText()
        var found: [Country] = []
        vector.texts.forEach { found.append(values.country($0)) }
        let (codes, nulls) = (vector.codes, vector.nulls)
        for row in countries.indices {
            if !nulls.isEmpty, nulls[row] {
                bad.add(row, column: name, "is null; the two letters of a country are wanted")
            } else {
                countries[row] = found[Int(codes[row])]
            }
        }
    }

    /// Fills `labels`, with ``unknown`` where there is none.
    static func fill(
        _ labels: inout [Label], _ vector: ColumnVector?, _ column: RecordingColumn, _ name: String,
        _ bad: inout BadRows
    ) {
        guard let vector else {
            for row in labels.indices { labels[row] = unknown }
            return
        }
        let values = RecordingText()
        var found: [Label?] = []
        vector.texts.forEach { found.append(values.label($0)) }
        let (codes, nulls) = (vector.codes, vector.nulls)
        for row in labels.indices {
            if !nulls.isEmpty, nulls[row] {
                labels[row] = unknown
            } else if let label = found[Int(codes[row])] {
                labels[row] = label
            } else {
                bad.add(row, column: name, "\(vector.quoted(row)) is not UTF-8; \(column.wanted) is wanted")
            }
        }
    }
}
