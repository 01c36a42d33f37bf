import SpillwayConsole
import SpillwayModel
import SpillwayPlot

extension ReplayPage.Input {
    /// What each region's attempts came to, most accepted first.
    var regionTable: Page.Table {
        let outcomes = [accepted, duplicates, refused].map { $0.map { $0.reduce(0, +) } }
        let total = outcomes[0].reduce(0, +)
        let order = regions.indices.filter(outcomes[0].indices.contains).sorted { outcomes[0][$0] > outcomes[0][$1] }
        let rows = order.map { index in
            let counts = outcomes.map { $0.indices.contains(index) ? Figures.grouped($0[index]) : "" }
            return [regions[index].rawValue, counts[0], Figures.percent(outcomes[0][index], of: total)]
                + counts.dropFirst()
        }
        return Page.Table(
            "By region", columns: ["", "Accepted", "Share", "Duplicates", "Refused"], rows: rows)
    }
}
