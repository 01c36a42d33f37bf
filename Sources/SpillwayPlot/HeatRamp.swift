/// The steps between nothing and the most that colours can tell apart. Each begins where the square of its number says,
/// so that what is a hundredth of the most is not the same as what is a tenth.
enum HeatRamp {
    /// Without the one that stands for nothing, 0.
    static let levels = 8

    /// The step of a value; what is not nothing is seen.
    static func level(of value: Double, upTo highest: Double) -> Int {
        guard value > 0, highest > 0 else { return 0 }
        return min(levels, max(1, Int(((value / highest).squareRoot() * Double(levels)).rounded(.up))))
    }

    /// The highest value of a step.
    static func bound(of level: Int, upTo highest: Double) -> Double {
        let part = Double(level) / Double(levels)
        return highest * part * part
    }

    /// From nothing to the most: on light ground ever darker, on dark ground ever lighter. After the "Blues" of
    /// ColorBrewer (colorbrewer2.org), which also the colour-blind can tell apart.
    static let shades = [
        Palette.Shade(light: "#f1f4f7", dark: "#161c24"), Palette.Shade(light: "#d6e5f2", dark: "#14304d"),
        Palette.Shade(light: "#b5d2ea", dark: "#17426c"), Palette.Shade(light: "#8dbde0", dark: "#1b568c"),
        Palette.Shade(light: "#63a3d1", dark: "#256ead"), Palette.Shade(light: "#4089c2", dark: "#3d89c6"),
        Palette.Shade(light: "#236cae", dark: "#66a8da"), Palette.Shade(light: "#0d5097", dark: "#9ccaea"),
        Palette.Shade(light: "#08306b", dark: "#e2f1fb"),
    ]

    /// The same in the 256 colours of a terminal, which may be light or dark: the brighter the more, from blue to
    /// yellow, after "viridis" (bids.github.io/colormap). Nothing is left as it is.
    static let terminalColors = [54, 60, 25, 31, 36, 35, 77, 148, 226]
}
