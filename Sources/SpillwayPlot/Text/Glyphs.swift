import SpillwayConsole

/// The characters that a chart in a terminal is made of.
package struct Glyphs: Sendable, Hashable {
    /// From nothing to a full cell, from below.
    let levels: [Character]
    /// From nothing to a full cell, from the left.
    let bars: [Character]
    /// From nothing to a full cell, everywhere.
    let shades: [Character]
    let vertical: Character
    let horizontal: Character
    /// On the axis of values, and on that of time.
    let valueMark: Character
    let timeMark: Character
    let corner: Character

    /// Blocks an eighth of a cell fine.
    package static let blocks = Glyphs(
        levels: Array(" ▁▂▃▄▅▆▇█"), bars: Array(" ▏▎▍▌▋▊▉█"), shades: Array(" ░▒▓█"), vertical: "│",
        horizontal: "─", valueMark: "┤", timeMark: "┬", corner: "└")
    package static let ascii = Glyphs(
        levels: Array(" .:-=+*%#"), bars: Array(" #"), shades: Array(" .:-=+*%#"), vertical: "|", horizontal: "-",
        valueMark: "+", timeMark: "+", corner: "+")

    /// What a terminal can show whose locale has this name: blocks if its characters are UTF-8.
    package init(locale: String) {
        let name = locale.lowercased()
        self = name.hasSuffix("utf-8") || name.hasSuffix("utf8") ? .blocks : .ascii
    }

    private init(
        levels: [Character], bars: [Character], shades: [Character], vertical: Character, horizontal: Character,
        valueMark: Character, timeMark: Character, corner: Character
    ) {
        self.levels = levels
        self.bars = bars
        self.shades = shades
        self.vertical = vertical
        self.horizontal = horizontal
        self.valueMark = valueMark
        self.timeMark = timeMark
        self.corner = corner
    }

    /// `fraction` of a cell, 0 … 1; what is not nothing shows.
    func level(_ fraction: Double) -> Character { Self.step(fraction, of: levels) }

    /// A cell that is the darker the higher the fraction, 0 … 1; what is not nothing shows.
    func shade(_ fraction: Double) -> Character { Self.step(fraction, of: shades) }

    private static func step(_ fraction: Double, of characters: [Character]) -> Character {
        guard fraction > 0 else { return characters[0] }
        let full = Double(characters.count - 1)
        return characters[Int(max(1, (min(fraction, 1) * full).rounded()))]
    }

    /// The lines in characters that the terminal can show, each ended by a line feed.
    func rendered(_ lines: [String]) -> String {
        let text = lines.map { $0.withoutTrailingSpace + "\n" }.joined()
        return self == .ascii ? text.map(Self.spelled).joined() : text
    }

    /// In ASCII, as wide as it is.
    private static func spelled(_ character: Character) -> String {
        if character.isASCII { return String(character) }
        return substitutes[character] ?? String(repeating: "?", count: String(character).terminalColumns)
    }

    /// What units and marks are written with.
    private static let substitutes: [Character: String] = ["µ": "u", "×": "x", "–": "-", "·": ",", "…": "~"]

    /// `fraction` of `width` cells, 0 … 1, from the left; what is not nothing shows.
    func bar(_ fraction: Double, width: Int) -> String {
        guard fraction > 0, width > 0 else { return "" }
        let parts = bars.count - 1
        let length = max(1, Int((min(fraction, 1) * Double(width * parts)).rounded()))
        let rest = length % parts
        return String(repeating: bars[parts], count: length / parts) + (rest == 0 ? "" : String(bars[rest]))
    }
}
