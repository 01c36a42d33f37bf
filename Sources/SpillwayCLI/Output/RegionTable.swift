import SpillwayConsole
import SpillwayModel

/// Registrations by region, most first, with shares, bars and a total, and duplicates where they are known.
struct RegionTable {
    private struct Row {
        var region: Region
        var registrations: Int
        var duplicates: Int?
    }

    private static let barWidth = 24
    private var rows: [Row] = []

    mutating func append(_ region: Region, registrations: Int, duplicates: Int? = nil) {
        rows.append(Row(region: region, registrations: registrations, duplicates: duplicates))
    }

    /// - Parameter duplicates: Of all regions, and of none.
    func rendered(duplicates: Int? = nil) -> String {
        var table = Table(
            [.text("Region"), .number("Registrations"), .number("Share"), .text("")]
                + (duplicates == nil ? [] : [.number("Duplicates")]))
        func cells(_ count: Int?) -> [String] { duplicates == nil ? [] : [Figures.grouped(count ?? 0)] }
        let total = rows.reduce(0) { $0 + $1.registrations }
        let sorted = rows.sorted { $0.registrations > $1.registrations }
        let largest = max(1, sorted.first?.registrations ?? 0)
        for row in sorted {
            table.append(
                [
                    row.region.rawValue, Figures.grouped(row.registrations),
                    Figures.percent(row.registrations, of: total),
                    Bar.filled(Double(row.registrations) / Double(largest), width: Self.barWidth),
                ] + cells(row.duplicates))
        }
        table.setTotal(
            ["Total", Figures.grouped(total), Figures.percent(total, of: total), ""] + cells(duplicates))
        return table.rendered()
    }
}

/// Lines of a name and what there is to say of it.
enum Facts {
    static func rendered(_ facts: [(name: String, text: String)]) -> String {
        let width = facts.reduce(0) { max($0, $1.name.count) } + 2
        return facts.map { $0.name + String(repeating: " ", count: width - $0.name.count) + $0.text + "\n" }
            .joined()
    }
}
