import Foundation
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import Testing

/// Everything in a store, by identity; fails if an identity is there twice.
func storedRegistrations(_ path: String, system: any System = PosixSystem()) throws -> [UInt64: Registration] {
    try storedRegistrations(StoreView(path: path, system: system))
}

/// Everything in a view, by identity; fails if an identity is there twice.
func storedRegistrations(_ view: StoreView) throws -> [UInt64: Registration] {
    var stored: [UInt64: Registration] = [:]
    func add(_ registration: Registration) {
        let before = stored.updateValue(registration, forKey: registration.identity.rawValue)
        #expect(before == nil, "\(registration.identity) is stored twice")
    }
    for row in 0..<view.journaled.count { add(view.journaled[row]) }
    for segment in view.segments {
        let file = try segment.openFile()
        for rowGroup in segment.rowGroups {
            for registration in try registrations(rowGroup, file) { add(registration) }
        }
    }
    return stored
}

private func registrations(_ rowGroup: RowGroupMetadata, _ file: any File) throws -> [Registration] {
    var chunk = ByteBuffer()
    var decoder = ColumnChunkDecoder()
    var times = [Int64](repeating: 0, count: rowGroup.rowCount)
    var identities = times
    var latencies = [Int32](repeating: 0, count: rowGroup.rowCount)
    func load(_ column: SegmentColumn) throws -> ColumnChunkMetadata {
        let metadata = rowGroup.columns[column.rawValue]
        try metadata.read(from: file, into: &chunk)
        return metadata
    }
    func strings(_ column: SegmentColumn) throws -> [String] {
        let metadata = try load(column)
        var codes = [UInt16](repeating: 0, count: rowGroup.rowCount)
        let names = try chunk.withUnsafeBytes { bytes in
            try codes.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return codes.map { names[Int($0)] }
    }
    var metadata = try load(.registeredAt)
    try chunk.withUnsafeBytes { bytes in
        try times.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
    }
    metadata = try load(.identity)
    try chunk.withUnsafeBytes { bytes in
        try identities.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
    }
    metadata = try load(.latencyUs)
    try chunk.withUnsafeBytes { bytes in
        try latencies.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
    }
    let (countries, regions) = (try strings(.country), try strings(.region))
    let (platforms, sources) = (try strings(.platform), try strings(.source))
    return try (0..<rowGroup.rowCount).map { row in
        let country = try #require(Country(countries[row]))
        #expect(country.region?.rawValue == regions[row])
        return Registration(
            registeredAt: Timestamp(rawValue: times[row]),
            identity: Identity(rawValue: UInt64(bitPattern: identities[row])),
            country: country, platform: try #require(Label(platforms[row])), source: try #require(Label(sources[row])),
            latencyUs: Int(latencies[row]))
    }
}
