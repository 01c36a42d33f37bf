import FoundationEssentials

/// The text of one version of the log: a line for each action. Spillway's own name their length and checksum in their
/// `commitInfo`, where the protocol lets a writer say what it likes (PROTOCOL.md, "Commit Provenance Information").
struct DeltaLogVersion {
    let bytes: [UInt8]
    /// Without their ends; what follows the last end is one, too.
    private let lines: [ArraySlice<UInt8>]
    /// How many of them have an end.
    private let lineCount: Int

    init(bytes: [UInt8]) {
        self.bytes = bytes
        var ends: [Int] = []
        bytes.withUnsafeBytes { bytes in
            var index = 0
            while index < bytes.count {
                if bytes[index] == Self.newline { ends.append(index) }
                index += 1
            }
        }
        lineCount = ends.count
        lines = zip([0] + ends.map { $0 + 1 }, ends + [bytes.count]).filter { $0 < $1 }.map { bytes[$0..<$1] }
    }

    /// The first action is the `commitInfo`, with ``EmbeddedChecksum/placeholder``.
    init(encoding actions: [DeltaAction]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        var bytes = try actions.flatMap { [UInt8](try encoder.encode($0)) + [Self.newline] }
        EmbeddedChecksum.inJSON.seal(&bytes)
        self.init(bytes: bytes)
    }

    private static let newline = UInt8(ascii: "\n")
    /// In every version that Spillway writes, whatever one flipped bit does to its checksum.
    private static let authorship = Array("\"engineInfo\":\"\(DeltaLog.engineInfo)\"".utf8)

    /// Whether lines are missing at its end.
    var isCutShort: Bool {
        isCutShort(after: lines.first.flatMap { try? JSONDecoder().decode(DeltaAction.self, from: Data($0)) })
    }

    /// - Parameter first: nil if there is none, or it makes no sense.
    private func isCutShort(after first: DeltaAction?) -> Bool {
        guard let first else { return lineCount == 0 }
        return lineCount < first.commitInfo?.lines ?? 0
    }

    /// - Throws: ``StoreError`` that names the line, or the file where only its checksum tells.
    func actions(path: String) throws -> [DeltaAction] {
        let decoder = JSONDecoder()
        let actions = try lines.map { line in
            do {
                return try decoder.decode(DeltaAction.self, from: Data(line))
            } catch {
                throw StoreError.damaged(
                    path: path, offset: UInt64(line.startIndex), problem: "a line of the log is not a Delta action")
            }
        }
        guard !isCutShort(after: actions.first) else {
            throw StoreError.damaged(
                path: path, offset: UInt64(bytes.count), problem: "a version of the log is cut short")
        }
        let verdict = bytes.withUnsafeBytes { EmbeddedChecksum.inJSON.verdict(on: $0) }
        guard verdict == .sound || verdict == .absent && !bytes.contains(Self.authorship) else {
            throw StoreError.damaged(
                path: path, offset: 0, problem: "a version of the log does not match its checksum")
        }
        return actions
    }
}
