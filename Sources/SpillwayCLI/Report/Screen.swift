import SpillwayPlatform
import SpillwayPlot

/// What charts in characters are drawn for.
struct Screen {
    /// Where nothing says how many columns there are.
    private static let usualColumns = 100

    var columns: Int
    var glyphs: Glyphs
    var ink: Ink

    /// Standard output.
    static var output: Screen {
        Screen(columns: Terminal.width(.output) ?? usualColumns, glyphs: .ofLocale, ink: .ofTerminal)
    }
    static var file: Screen { Screen(columns: usualColumns, glyphs: .ofLocale, ink: .plain) }

    /// One below the other.
    func drawn(_ charts: [any Chart]) -> String {
        charts.map { $0.text(columns: columns, glyphs: glyphs, ink: ink) }.joined(separator: "\n")
    }
}
