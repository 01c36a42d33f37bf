/// What a series is drawn in. The same thing has the same colour in every chart.
package enum SeriesColor: Sendable, Hashable {
    /// One of seven that also the colour-blind can tell apart; from the eighth on they come again.
    case category(Int)
    /// The colour of the text: for what is all of the others, or the only one.
    case total
    /// For what went wrong.
    case alert

    var cssClass: String {
        switch self {
        case .category(let index):
            "c\(((index % Palette.categories.count) + Palette.categories.count) % Palette.categories.count)"
        case .total: "total"
        case .alert: "alert"
        }
    }
}

enum Palette {
    struct Shade {
        var light: String
        var dark: String
    }

    /// Paul Tol's "bright" scheme (personal.sron.nl/~pault), on dark ground a little lighter.
    static let categories = [
        Shade(light: "#4477aa", dark: "#5b92cc"), Shade(light: "#ee6677", dark: "#f07a89"),
        Shade(light: "#228833", dark: "#3aa64d"), Shade(light: "#ccbb44", dark: "#d6c75a"),
        Shade(light: "#66ccee", dark: "#7cd6f4"), Shade(light: "#aa3377", dark: "#c9559a"),
        Shade(light: "#999999", dark: "#b5b5b5"),
    ]
    private static let text = Shade(light: "#1f2328", dark: "#f0f6fc")
    private static let muted = Shade(light: "#59636e", dark: "#9198a1")
    private static let ground = Shade(light: "#ffffff", dark: "#0d1117")
    private static let alert = Shade(light: "#c4320a", dark: "#ff8352")

    /// The style sheet of a drawing, for light and dark.
    static let style = """
        text { font: 13px Helvetica, Arial, sans-serif } .head { font-weight: bold; font-size: 18px }
        .small { font-size: 12px } .strong { font-weight: bold } .end { text-anchor: end } .middle { text-anchor: middle }
        \(rules(\.light))
        @media (prefers-color-scheme: dark) {
        \(rules(\.dark))
        }
        .grid { fill: none; stroke-width: 1; stroke-opacity: .22 } .axis { fill: none; stroke-width: 1 }
        .area { stroke-width: .8; stroke-linejoin: round } .line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
        .dense { stroke-width: .2 } .bar { stroke: none } .cell { stroke-width: 1 } .mark { stroke-width: 2 } .halo { paint-order: stroke; stroke-width: 4; stroke-linejoin: round }

        """

    private static func rules(_ shade: (Shade) -> String) -> String {
        let (text, muted, ground, alert) = (shade(text), shade(muted), shade(ground), shade(alert))
        let colors = categories.enumerated().map { ".c\($0) { fill: \(shade($1)); stroke: \(shade($1)) }" }
        let heat = HeatRamp.shades.enumerated().map { ".h\($0) { fill: \(shade($1)) }" }
        return """
            .ground { fill: \(ground) } text { fill: \(text) } .muted { fill: \(muted) }
            .grid, .axis { stroke: \(muted) }
            \(colors.joined(separator: " "))
            \(heat.joined(separator: " "))
            .total { fill: \(text); stroke: \(text) } .alert { fill: \(alert); stroke: \(alert) }
            .area, .cell, .mark, .halo { stroke: \(ground) }
            """
    }
}
