extension ResultTable {
    /// RFC 4180, with a header of the columns' keys. What is missing is an empty field; durations are in microseconds,
    /// times in RFC 3339.
    var csv: String {
        var text = Self.record(columns.map(\.key))
        for row in 0..<rowCount { text += Self.record(columns.map { $0.values.plain(row) ?? "" }) }
        return text
    }

    /// Section 2: lines end with CRLF, and what would be taken for a delimiter is quoted.
    private static func record(_ fields: [String]) -> String {
        let record = fields.map(field).joined(separator: ",")
        // A lone empty field would be an empty line, which readers skip.
        return (record.isEmpty ? "\"\"" : record) + "\r\n"
    }

    private static func field(_ text: String) -> String {
        let special: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0d, 0x0a]
        guard text.utf8.contains(where: special.contains) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
