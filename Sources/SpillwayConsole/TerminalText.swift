/// Text as a terminal shows it, in cells of one width.
extension String {
    /// Without what a terminal would obey: control characters, and those that turn the direction of writing.
    package var printable: String {
        // Nearly all text is ASCII.
        if utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
        return String(UnicodeScalarView(unicodeScalars.map { $0.isObeyed ? "\u{fffd}" : $0 }))
    }

    /// How many cells it takes.
    package var terminalColumns: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.terminalColumns }
    }

    /// With spaces on the other side, so that it takes that many cells, or more if it is longer.
    package func aligned(_ side: Table.Alignment, to columns: Int) -> String {
        let padding = String(repeating: " ", count: Swift.max(0, columns - terminalColumns))
        return side == .left ? self + padding : padding + self
    }

    package var withoutTrailingSpace: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }

    /// As much of its beginning as fits, with an ellipsis where something is missing.
    package func clipped(to columns: Int) -> String {
        guard terminalColumns > columns else { return self }
        var clipped = ""
        var rest = columns - 1
        for character in self {
            rest -= character.terminalColumns
            if rest < 0 { break }
            clipped.append(character)
        }
        return columns > 0 ? clipped + "…" : ""
    }
}

extension Unicode.Scalar {
    fileprivate var isObeyed: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isBidiControl
        }
    }
}

extension Character {
    /// Scalars of East Asian width W or F (UAX #11), and pictographs, by block.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
        0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
        0x1f1e6...0x1f1ff, 0x1f300...0x1faff, 0x20000...0x3fffd,
    ]

    /// Two cells for a wide character, none for a mark by itself, else one.
    fileprivate var terminalColumns: Int {
        let scalars = unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.contains(where: { $0.properties.isEmojiPresentation || $0 == "\u{fe0f}" }) { return 2 }
        if Self.wide.contains(where: { $0.contains(first.value) }) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
