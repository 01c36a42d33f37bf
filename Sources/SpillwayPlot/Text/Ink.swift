/// How charts in a terminal are coloured.
package enum Ink: Sendable, Hashable {
    /// Not at all.
    case plain
    /// By the 256 colours of xterm: ECMA-48, section 8.3.117 (SGR), with 38;5;n for characters.
    case colors256

    /// The colours of ``Palette/categories`` or close to them.
    private static let categories = [67, 203, 34, 178, 80, 132, 246]
    private static let alert = 202

    func painted(_ text: String, _ color: SeriesColor) -> String {
        switch color {
        case .total: text
        case .alert: painted(text, number: Self.alert)
        case .category(let index):
            painted(text, number: Self.categories[Int(UInt(bitPattern: index) % UInt(Self.categories.count))])
        }
    }

    /// - Parameter number: Of one of the 256 colours.
    func painted(_ text: String, number: Int) -> String {
        self == .plain || text.isEmpty ? text : "\u{1b}[38;5;\(number)m\(text)\u{1b}[0m"
    }
}
