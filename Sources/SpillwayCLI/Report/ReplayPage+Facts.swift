import SpillwayConsole
import SpillwayModel
import SpillwayPlot

extension ReplayPage.Input {
    /// What each region's attempts came to, most first.
    var regionFacts: [(name: String, text: String)] {
        func sums(_ counts: [[Int]]) -> [Int] { counts.map { $0.reduce(0, +) } }
        let (accepted, duplicates, refused) = (sums(accepted), sums(duplicates), sums(refused))
        let total = accepted.reduce(0, +)
        let order = regions.indices.filter(accepted.indices.contains).sorted { accepted[$0] > accepted[$1] }
        return order.map { index in
            var text =
                "\(Figures.grouped(accepted[index])) accepted, \(Figures.percent(accepted[index], of: total))"
            for (name, counts) in [("duplicates", duplicates), ("refused", refused)]
            where counts.indices.contains(index) && counts[index] > 0 {
                text += "; \(Figures.grouped(counts[index])) \(name)"
            }
            return (regions[index].rawValue, text)
        }
    }
}
