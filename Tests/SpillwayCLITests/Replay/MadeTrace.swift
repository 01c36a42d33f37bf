import SpillwayModel
import SpillwayTrace

/// Attempts that arrive at given times, each person's first but for every tenth, which is somebody again.
struct MadeTrace: Trace {
    let arrivalsUs: [Int64]
    let sliceRows: Int
    /// Slices from here on cannot be read.
    var unreadableFrom = Int.max

    static let startUs: Int64 = 1_633_361_400_000_000
    private static let countries = ["BR", "DE", "IN", "NG"].compactMap { Country($0) }

    /// At equal distances.
    init(_ count: Int, everyUs: Int64, sliceRows: Int = 1000) {
        self.init(arrivalsUs: (0..<count).map { Int64($0) * everyUs }, sliceRows: sliceRows)
    }

    init(arrivalsUs: [Int64], sliceRows: Int) {
        self.arrivalsUs = arrivalsUs
        self.sliceRows = sliceRows
    }

    var name: String { "made" }
    var fingerprint: UInt64 { UInt64(arrivalsUs.count) }
    var sliceCount: Int { (arrivalsUs.count + sliceRows - 1) / sliceRows }
    var expectedAttempts: Int { arrivalsUs.count }
    var registrationsByRegion: [Region: Int]? { nil }
    var registrations: Int { arrivalsUs.indices.count { $0 == 0 || $0 % 10 != 0 } }

    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        if index >= unreadableFrom { throw .unknownKind(path: "slice \(index)") }
        let rows = index * sliceRows..<min((index + 1) * sliceRows, arrivalsUs.count)
        slice.arrivedAt = rows.map { Timestamp(rawValue: Self.startUs + arrivalsUs[$0]) }
        slice.batch = RegistrationBatch(
            rows.map { row in
                let person = row % 10 == 0 && row > 0 ? row - 1 : row
                return Registration(
                    registeredAt: Timestamp(rawValue: Self.startUs + arrivalsUs[row]),
                    identity: Identity(rawValue: 10_000_000 + UInt64(person)),
                    country: Self.countries[person % Self.countries.count], platform: "ios", source: "organic",
                    latencyUs: row)
            })
    }
}
