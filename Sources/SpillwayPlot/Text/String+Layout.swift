/// Text in lines of characters.
extension String {
    enum Side { case left, right }

    func aligned(to width: Int, _ side: Side) -> String {
        let padding = String(repeating: " ", count: Swift.max(0, width - count))
        return side == .left ? self + padding : padding + self
    }

    /// Puts a label behind those that are there, if there is room between.
    mutating func place(_ label: String, at column: Int, within width: Int) {
        guard !label.isEmpty, column >= count + (isEmpty ? 0 : 1), column + label.count <= width else { return }
        self = aligned(to: column, .left) + label
    }

    /// As much of its beginning as fits, and a sign where something is missing.
    func clipped(to width: Int, _ glyphs: Glyphs) -> String {
        count <= width ? self : String(prefix(Swift.max(0, width - 1)) + String(glyphs.ellipsis))
    }

    var withoutTrailingSpace: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }

    /// Without what a terminal would obey.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
    }
}
