import SpillwayPlot

/// Measures of a result that are drawn together: one by itself, or the percentiles of one quantity.
struct ResultFamily {
    var title: String
    var columns: [ResultTable.Column]
    var unit: ValueUnit

    var isAdditive: Bool { columns.allSatisfy(\.isAdditive) }

    /// What of a result can be drawn; the count that is always there last, since whoever asks for more wants to see
    /// that.
    static func families(of table: ResultTable) -> [ResultFamily] {
        var families: [ResultFamily] = []
        var outerKeys: [Substring?] = []
        for column in table.measures {
            guard let unit = column.values.unit else { continue }
            let outer = column.key.firstIndex(of: ".").map { column.key[..<$0] }
            if let outer, outerKeys.last == outer, families.last?.unit == unit {
                families[families.count - 1].columns.append(column)
                continue
            }
            outerKeys.append(outer)
            let name = outer.map { $0.hasSuffix("Us") ? $0.dropLast(2) : $0 }
            families.append(
                ResultFamily(
                    title: name.map { String($0).capitalizedFirst } ?? column.title, columns: [column], unit: unit))
        }
        if families.count > 1, families[0].isAdditive { families.append(families.removeFirst()) }
        return families
    }
}

extension ResultTable.Values {
    /// Nil for what is no quantity.
    fileprivate var unit: ValueUnit? {
        switch self {
        case .labels, .instants: nil
        case .counts: .count
        case .durationsUs: .microseconds
        case .shares: .share
        case .ratios: .ratio
        }
    }
}
