import SpillwayArrow
import SpillwayModel

extension ResultTable {
    /// An Arrow IPC stream, with the columns' keys as names; durations are in microseconds.
    func arrow() throws(ArrowError) -> [UInt8] {
        try ArrowStream.bytes(of: columns.map { ArrowColumn($0.key, $0.values.arrow) }, rowCount: rowCount)
    }
}

extension ResultTable.Values {
    fileprivate var arrow: ArrowColumn.Values {
        switch self {
        case .labels(let values): .texts(values)
        case .instants(let values): .instantsUs(values.map { $0?.rawValue })
        case .counts(let values), .durationsUs(let values): .integers(values.map { $0.map(Int64.init) })
        case .shares(let values), .ratios(let values): .numbers(values)
        }
    }
}
