import SpillwayConsole
import SpillwayModel

extension ResultTable.Values {
    /// As people read it: `70,000,000`, `2021-10-04 15:40`, `12.4 ms`, `31.4 %`. Empty for a value that is missing.
    func cell(_ row: Int) -> String {
        switch self {
        case .labels(let values): values[row] ?? ""
        case .instants(let values): values[row].map(Self.minute) ?? ""
        case .counts(let values): values[row].map(Figures.grouped) ?? ""
        case .durationsUs(let values):
            values[row].map { "\(Figures.decimal(Double($0) / 1000, places: 1)) ms" } ?? ""
        case .shares(let values): values[row].finite.map { "\(Figures.decimal($0 * 100, places: 1)) %" } ?? ""
        case .ratios(let values): values[row].finite.map { Figures.decimal($0, places: 2) } ?? ""
        }
    }

    /// `2021-10-04 15:40`, with seconds where there are any.
    private static func minute(_ time: Timestamp) -> String {
        let text = time.rfc3339.replacing("T", with: " ").dropLast()
        return String(text.hasSuffix(":00") ? text.dropLast(3) : text)
    }

    /// As programs read it: `70000000`, `2021-10-04T15:40:00Z`, microseconds, `0.314`. Nil for a value that is
    /// missing.
    func plain(_ row: Int) -> String? {
        switch self {
        case .labels(let values): values[row]
        case .instants(let values): values[row]?.rfc3339
        case .counts(let values), .durationsUs(let values): values[row].map(String.init)
        case .shares(let values), .ratios(let values): values[row].finite.map { "\($0)" }
        }
    }

    /// Nil for a value that is missing.
    func json(_ row: Int) -> JSON? {
        switch self {
        case .labels(let values): values[row].map(JSON.string)
        case .instants(let values): values[row].map { .string($0.rfc3339) }
        case .counts(let values), .durationsUs(let values): values[row].map(JSON.integer)
        case .shares(let values), .ratios(let values): values[row].finite.map(JSON.number)
        }
    }
}

extension Double? {
    /// Missing too where it is no number.
    fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
