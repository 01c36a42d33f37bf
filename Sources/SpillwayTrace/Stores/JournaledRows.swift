internal import SpillwayModel

/// A store's rows that are in no segment yet; they are in memory since the store was opened.
struct JournaledRows: RowSource {
    let arrivals: ClosedRange<Timestamp>?
    var rowCount: Int { rows.count }

    private let rows: RegistrationBatch

    init(_ rows: RegistrationBatch) {
        self.rows = rows
        arrivals = rows.registeredAt.min().flatMap { first in rows.registeredAt.max().map { first...$0 } }
    }

    func read(into slice: inout TraceSlice) {
        slice.batch.removeAll()
        slice.batch.append(contentsOf: rows)
        slice.arrivedAt.removeAll(keepingCapacity: true)
        slice.arrivedAt += rows.registeredAt
    }
}
