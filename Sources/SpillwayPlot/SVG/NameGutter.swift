/// The room left of a plot for the names of its rows. Nobody says how wide a font is that is not known, so that widths
/// are what Helvetica's average letter takes, and a little more.
struct NameGutter {
    private static let widths = 60.0...280.0
    private static let letterWidth = 7.4

    /// From the picture's edge to the plot, in pixels.
    let width: Double

    init(_ names: [String]) {
        let longest = names.reduce(0) { max($0, Self.width(of: $1)) }
        width = min(max(longest + 34, Self.widths.lowerBound), Self.widths.upperBound)
    }

    static func width(of name: String) -> Double { Double(name.count) * letterWidth }

    func clipped(_ name: String) -> String { Markup.clipped(name, to: Int((width - 34) / Self.letterWidth)) }
}
