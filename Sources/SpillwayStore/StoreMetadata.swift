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
    /// The digits of an ``EmbeddedChecksum``.
    private var crc32c = EmbeddedChecksum.placeholder

    private init(format: Int, id: String, routingKey: [UInt64]) {
        self.format = format
        self.id = id
        self.routingKey = routingKey
    }

    private static let currentFormat = 1

    static func random(_ system: any System) -> StoreMetadata {
        let (high, low) = (system.randomWord(), system.randomWord())
        let bytes = [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - $0 * 8)) } }
        return StoreMetadata(
            format: currentFormat, id: randomUUID(bytes), routingKey: (0..<8).map { _ in system.randomWord() })
    }

    /// RFC 9562, version 4.
    private static func randomUUID(_ random: [UInt8]) -> String {
        var bytes = random
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = bytes.map { hexadecimal(UInt64($0)).suffix(2) }.joined()
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(Array(digits)[$0]) }.joined(separator: "-")
    }

    func write(layout: StoreLayout, system: any System) throws {
        let temporary = layout.metadata + ".tmp"
        let file = try system.open(temporary, .createIfAbsent)
        try file.truncate(to: 0)
        var sealed = self
        sealed.crc32c = EmbeddedChecksum.placeholder
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var bytes = [UInt8](try encoder.encode(sealed))
        EmbeddedChecksum.inJSON.seal(&bytes)
        try file.write(bytes, at: 0)
        try file.sync()
        try system.rename(temporary, to: layout.metadata)
        try system.syncDirectory(layout.hidden)
    }

    static func read(layout: StoreLayout, system: any System) throws -> StoreMetadata {
        let bytes = try system.readAll(layout.metadata)
        guard bytes.withUnsafeBytes({ EmbeddedChecksum.inJSON.verdict(on: $0) }) == .sound else {
            throw StoreError.damaged(
                path: layout.metadata, offset: 0, problem: "the store's metadata does not match its checksum")
        }
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
