import FoundationEssentials
import SpillwayPlatform

/// What is private to a store for its whole life, in `_spillway/store.json`.
package struct StoreMetadata: Codable, Sendable, Hashable {
    /// Version of the layout of `_spillway` and of frames.
    var format: Int
    /// The Delta table's id.
    var id: String
    /// Keys the permutation that routes identities; random, and kept from whoever sends registrations, so that
    /// nobody can choose identities that meet in one place.
    package var routingKey: [UInt64]

    private static let currentFormat = 1

    static func random() -> StoreMetadata {
        var generator = SystemRandomNumberGenerator()
        return StoreMetadata(
            format: currentFormat, id: UUID().uuidString.lowercased(),
            routingKey: (0..<8).map { _ in generator.next() })
    }

    func write(layout: StoreLayout, fileSystem: any FileSystem) throws {
        let temporary = layout.metadata + ".tmp"
        let file = try fileSystem.open(temporary, .createIfAbsent)
        try file.truncate(to: 0)
        try file.write([UInt8](try JSONEncoder().encode(self)), at: 0)
        try file.sync()
        try fileSystem.rename(temporary, to: layout.metadata)
        try fileSystem.syncDirectory(layout.hidden)
    }

    static func read(layout: StoreLayout, fileSystem: any FileSystem) throws -> StoreMetadata {
        let bytes = try fileSystem.readAll(layout.metadata)
        guard let metadata = try? JSONDecoder().decode(StoreMetadata.self, from: Data(bytes)),
            metadata.format == currentFormat, metadata.routingKey.count == 8
        else {
            throw StoreError.damaged(
                path: layout.metadata, offset: 0,
                problem: "it is not the metadata of a store of format \(currentFormat)")
        }
        return metadata
    }
}
