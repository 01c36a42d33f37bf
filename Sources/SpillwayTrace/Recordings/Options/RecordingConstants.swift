internal import SpillwayModel

/// The values of columns that a file does not have.
struct RecordingConstants: Sendable {
    private var country = Country.unknown
    private var platform = Label("unknown" as String) ?? .invalid
    private var source = Label("unknown" as String) ?? .invalid
    private var latencyUs: Int32 = 0

    /// Those that a mapping names; otherwise labels are "unknown", and latencies 0.
    init(_ mapping: RecordingMapping) {
        if let value = mapping.constant(of: .country) { country = Country(value) ?? .unknown }
        if let value = mapping.constant(of: .platform) { platform = Label(value) ?? .invalid }
        if let value = mapping.constant(of: .source) { source = Label(value) ?? .invalid }
        if let value = mapping.constant(of: .latencyUs) { latencyUs = Int32(value) ?? -1 }
    }

    /// What is wrong with a value; nil if it can be that of all rows.
    static func problem(_ value: String, of column: RecordingColumn) -> String? {
        switch column {
        case .registeredAt, .arrivedAt, .identity, .region: "cannot be the same for all rows"
        case .country: Country(value) == nil ? "a country's two letters are wanted, such as IN" : nil
        case .platform, .source:
            (1...Label.maximumByteCount).contains(value.utf8.count)
                ? nil : "1 to \(Label.maximumByteCount) bytes are wanted"
        case .latencyUs: Int32(value).map { $0 >= 0 } == true ? nil : "0 to \(Int32.max) µs are wanted"
        }
    }

    /// Writes the values of the columns that are missing.
    func fill(_ slice: inout TraceSlice, where isMissing: (RecordingColumn) -> Bool) {
        if isMissing(.country) { slice.batch.country.fill(with: country) }
        if isMissing(.platform) { slice.batch.platform.fill(with: platform) }
        if isMissing(.source) { slice.batch.source.fill(with: source) }
        if isMissing(.latencyUs) { slice.batch.latencyUs.fill(with: latencyUs) }
    }
}

extension RecordingColumn {
    /// Whether a file may do without it and no mapping say what it is.
    var mayBeMissing: Bool {
        switch self {
        case .registeredAt, .identity, .country: false
        case .region, .platform, .source, .latencyUs, .arrivedAt: true
        }
    }
}

extension Array {
    fileprivate mutating func fill(with element: Element) {
        for index in indices { self[index] = element }
    }
}
