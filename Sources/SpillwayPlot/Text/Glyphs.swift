/// The characters that a chart in a terminal is made of.
package struct Glyphs: Sendable, Hashable {
    /// From nothing to a full cell.
    let levels: [Character]
    let vertical: Character
    let horizontal: Character
    /// On the axis of values, and on that of time.
    let valueMark: Character
    let timeMark: Character
    let corner: Character

    /// Blocks an eighth of a cell fine.
    package static let blocks = Glyphs(
        levels: Array(" ▁▂▃▄▅▆▇█"), vertical: "│", horizontal: "─", valueMark: "┤", timeMark: "┬", corner: "└")
    package static let ascii = Glyphs(
        levels: Array(" .:-=+*%#"), vertical: "|", horizontal: "-", valueMark: "+", timeMark: "+", corner: "+")

    /// What a terminal can show whose locale has this name: blocks if its characters are UTF-8.
    package init(locale: String) {
        let name = locale.lowercased()
        self = name.hasSuffix("utf-8") || name.hasSuffix("utf8") ? .blocks : .ascii
    }

    private init(
        levels: [Character], vertical: Character, horizontal: Character, valueMark: Character, timeMark: Character,
        corner: Character
    ) {
        self.levels = levels
        self.vertical = vertical
        self.horizontal = horizontal
        self.valueMark = valueMark
        self.timeMark = timeMark
        self.corner = corner
    }

    /// `fraction` of a cell, 0 … 1; what is not nothing shows.
    func level(_ fraction: Double) -> Character {
        guard fraction > 0 else { return levels[0] }
        let full = Double(levels.count - 1)
        return levels[Int(max(1, (min(fraction, 1) * full).rounded()))]
    }
}
