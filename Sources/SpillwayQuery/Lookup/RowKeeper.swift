import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Reads whole row groups for look-ups to keep. Used by one thread at a time.
final class RowKeeper {
    private let loader = ColumnLoader()

    /// The row group's rows, as packed as they are kept; nil if there is no room.
    func keep(_ rowGroup: LookupRowGroup, _ file: any File) throws(StoreError) -> PackedRows? {
        let source = RowSource.rowGroup(rowGroup.metadata, file)
        try loader.loadIdentities(of: source)
        try loader.loadTimes(of: source)
        try loader.loadLatencies(of: source)
        let countries = try codes(.country, of: source) { UInt16((Country($0) ?? .unknown).index) }
        let platforms = try codes(.platform, of: source) { (Label($0) ?? .invalid).code }
        let sources = try codes(.source, of: source) { (Label($0) ?? .invalid).code }
        return rowGroup.keep(
            PackedRowsPlan(
                rowCount: source.rowCount,
                [
                    .int64(loader.identities), .int64(loader.registeredAt), .int32(loader.latencyUs),
                    .uint16(countries), .uint16(platforms), .uint16(sources),
                ]))
    }

    /// A column of names, as what stands for each as long as the process lives.
    private func codes(
        _ column: QueryColumn, of source: RowSource, _ code: (String) -> UInt16
    ) throws(StoreError) -> [UInt16] {
        let meanings = try loader.loadCodes(column, of: source).map(code)
        return loader.codes[..<source.rowCount].map { meanings[Int($0)] }
    }

    /// What ``PackedRows/rows(holding:)`` found of such rows.
    static func registrations(_ values: [Int64]) -> [Registration] {
        stride(from: 0, to: values.count, by: 6).map { registration(values[$0..<$0 + 6]) }
    }

    private static func registration(_ values: ArraySlice<Int64>) -> Registration {
        let first = values.startIndex
        let country = Country(index: UInt8(truncatingIfNeeded: values[first + 3]))
        let platform = Label(code: UInt16(truncatingIfNeeded: values[first + 4]))
        let source = Label(code: UInt16(truncatingIfNeeded: values[first + 5]))
        return Registration(
            registeredAt: Timestamp(rawValue: values[first + 1]),
            identity: Identity(rawValue: UInt64(bitPattern: values[first])), country: country, platform: platform,
            source: source, latencyUs: Int(values[first + 2]))
    }
}
