import FoundationEssentials
import SpillwayPlatform

/// Whom an erasure under way removes, in `_spillway/erase.json`: what a crash interrupts is finished by whoever opens
/// the store next.
struct ErasureIntent: Codable {
    /// The identities, as numbers.
    var identities: [UInt64]
    /// A flipped bit would erase somebody else.
    private var crc32c = EmbeddedChecksum.placeholder

    init(identities: [UInt64]) { self.identities = identities }

    private static func temporaryPath(_ layout: StoreLayout) -> String { layout.erasure + ".tmp" }

    /// Durable when this returns.
    func write(_ layout: StoreLayout, _ system: any System) throws {
        let temporary = Self.temporaryPath(layout)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var bytes = [UInt8](try encoder.encode(self))
        EmbeddedChecksum.inJSON.seal(&bytes)
        let file = try system.open(temporary, .createIfAbsent)
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
        try file.sync()
        try system.rename(temporary, to: layout.erasure)
        try system.syncDirectory(layout.hidden)
    }

    /// Nil if no erasure is under way.
    static func read(_ layout: StoreLayout, _ system: any System) throws -> ErasureIntent? {
        guard try system.exists(layout.erasure) else { return nil }
        let bytes = try system.readAll(layout.erasure)
        guard bytes.withUnsafeBytes({ EmbeddedChecksum.inJSON.verdict(on: $0) }) == .sound,
            let intent = try? JSONDecoder().decode(ErasureIntent.self, from: Data(bytes))
        else {
            throw StoreError.damaged(
                path: layout.erasure, offset: 0, problem: "it does not say which identities are to be erased")
        }
        return intent
    }

    /// Deletes it, and what a crash left of one in the making, durably.
    static func remove(_ layout: StoreLayout, _ system: any System) throws {
        for path in [Self.temporaryPath(layout), layout.erasure] where try system.exists(path) {
            try system.remove(path)
        }
        try system.syncDirectory(layout.hidden)
    }
}
