import SpillwayConsole

extension ResultTable {
    private static let barWidth = 24

    /// Aligned, for people: the first count with its shares and bars, and a total of what adds up.
    var text: String {
        let counted = measures.firstIndex(where: \.isAdditive)
        var table = Table(
            columns.indices.flatMap { index in
                Self.heading(columns[index]) + (index == counted ? [.number("Share"), .text("")] : [])
            })
        let bars = counted.map { Shares(of: columns[$0]) }
        for row in 0..<rowCount {
            table.append(
                columns.indices.flatMap { index in
                    let cell = [columns[index].values.cell(row)]
                    return index == counted ? cell + (bars?.cells(row, barWidth: Self.barWidth) ?? []) : cell
                })
        }
        if !keys.isEmpty, counted != nil { table.setTotal(totals(withShareOf: counted)) }
        return table.rendered()
    }

    /// The cells of the last row. A total is of everything, so its share is the whole.
    func totals(withShareOf counted: Int?) -> [String] {
        columns.indices.flatMap { index in
            if index == 0, columns[index].isKey { return ["Total"] }
            let total = columns[index].total
            let cell = [total.map(Figures.grouped) ?? ""]
            return index == counted ? cell + [total.map { Figures.percent($0, of: $0) } ?? "", ""] : cell
        }
    }

    private static func heading(_ column: Column) -> [Table.Column] {
        [column.values.isNumeric ? .number(column.title) : .text(column.title)]
    }
}

/// What part of the total each row's count is.
private struct Shares {
    private let counts: [Double?]
    private let total: Double
    private let largest: Double

    init(of column: ResultTable.Column) {
        counts = column.values.quantities ?? []
        // Not as a whole number, which could be more than there is.
        total = counts.reduce(0) { $0 + ($1 ?? 0) }
        largest = counts.reduce(1) { max($0, $1 ?? 0) }
    }

    /// The share, and a bar of which the largest count fills all.
    func cells(_ row: Int, barWidth: Int) -> [String] {
        guard let count = counts[row] else { return ["", ""] }
        let share = total > 0 ? count / total * 100 : 0
        return ["\(Figures.decimal(share, places: 1)) %", Bar.filled(count / largest, width: barWidth)]
    }
}
