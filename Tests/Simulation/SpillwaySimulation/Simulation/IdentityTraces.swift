import SpillwayPlatform

/// Finds identities in files: in the rows of segments, and in the bytes of any file as eight, little-endian, and as
/// decimal digits.
struct IdentityTraces {
    private let identities: Set<UInt64>
    /// By length, as few differ in it.
    private let digits: [Int: Set<[UInt8]>]

    init(_ identities: Set<UInt64>) {
        self.identities = identities
        digits = Dictionary(grouping: identities.map { Array(String($0).utf8) }, by: \.count).mapValues { Set($0) }
    }

    /// The files below a directory that hold one of the identities. What a process is still writing, or has not begun
    /// to, may be a crash's and hold anything.
    func files(in directory: String, _ system: SimulatedSystem) throws -> [String] {
        var found: [String] = []
        for name in try system.list(directory) where !name.hasSuffix(".tmp") && !name.hasSuffix("lock") {
            let path = "\(directory)/\(name)"
            if try system.status(path).isDirectory {
                found += try files(in: path, system)
            } else if areHeld(by: try system.readAll(path)) {
                found.append(path)
            }
        }
        return try found + segments(in: directory, system)
    }

    /// The segments in a directory that have a row of one of the identities, those that are in no table among them.
    func segments(in directory: String, _ system: SimulatedSystem) throws -> [String] {
        guard !directory.contains("/_") else { return [] }
        return try system.list(directory).filter { $0.hasSuffix(".parquet") }.map { "\(directory)/\($0)" }
            .filter { try !StoredRows.identities(inSegment: $0, system).isDisjoint(with: identities) }
    }

    private func areHeld(by bytes: [UInt8]) -> Bool {
        var word: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            word = word >> 8 | UInt64(byte) << 56
            if index >= 7, identities.contains(word) { return true }
        }
        return numbers(in: bytes).contains { digits[$0.count]?.contains($0) ?? false }
    }

    private func numbers(in bytes: [UInt8]) -> [[UInt8]] {
        bytes.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.map { Array($0) }
    }
}
