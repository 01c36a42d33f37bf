internal import FoundationEssentials
internal import SpillwayPlatform

/// Reads the versions of a Delta log, from the newest checkpoint on.
struct DeltaLogReader {
    static let directoryName = "_delta_log"
    /// Of a version: what has more would be held in memory.
    private static let maximumVersionByteCount = 512 << 20

    let directory: String
    private let fileSystem: any FileSystem

    init(directory: String, _ fileSystem: any FileSystem) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    /// Applies all of the log; returns its last version.
    func replay(into state: inout DeltaTable.State) throws(DeltaError) -> Int {
        let names: [String]
        do throws(SystemError) { names = try fileSystem.list(directory) } catch { throw .unreadable(error) }
        let log = Names(names)
        var version = -1
        if let checkpoint = log.checkpoint {
            for part in checkpoint.parts {
                try DeltaCheckpointReader(open(part)).forEachAction { state.apply($0) }
            }
            version = checkpoint.version
        }
        for next in log.versions where next > version {
            guard next == version + 1 else {
                throw .table(
                    path: directory,
                    problem: "version \(version + 1) is missing, and there is no checkpoint that can be read after it")
            }
            try replay(version: next, into: &state)
            version = next
        }
        guard version >= 0 else { throw .table(path: directory, problem: "there is no version in the log") }
        return version
    }

    private func open(_ name: String) throws(DeltaError) -> any File {
        do throws(SystemError) { return try fileSystem.open("\(directory)/\(name)", .read) } catch {
            throw .unreadable(error)
        }
    }

    /// A line for each action.
    private func replay(version: Int, into state: inout DeltaTable.State) throws(DeltaError) {
        let file = try open(Names.version(version))
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try file.size() <= Self.maximumVersionByteCount ? try file.readAll() : nil
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else {
            throw .table(path: file.path, problem: "is larger than \(Self.maximumVersionByteCount) bytes")
        }
        let decoder = JSONDecoder()
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let action = try? decoder.decode(DeltaAction.self, from: Data(line)) else {
                throw .table(path: file.path, problem: "line \(index + 1) is no action of a Delta log")
            }
            state.apply(action)
        }
    }

    /// What the names of files in a log say.
    private struct Names {
        /// In order.
        private(set) var versions: [Int] = []
        /// The newest of which all parts are there.
        private(set) var checkpoint: (version: Int, parts: [String])?

        private static let digitCount = 20

        /// PROTOCOL.md, "Delta Log Entries" and "Checkpoints": `N.json`, `N.checkpoint.parquet`, and
        /// `N.checkpoint.1.2.parquet` for the first of two parts. Those that name a UUID have files of their own, which
        /// are not read.
        init(_ names: [String]) {
            var parts: [Int: [(index: Int, count: Int, name: String)]] = [:]
            for name in names {
                let fields = name.split(separator: ".", omittingEmptySubsequences: false)
                guard fields.count >= 2, let version = Self.number(fields[0], digits: Self.digitCount) else { continue }
                if fields.dropFirst() == ["json"] {
                    versions.append(version)
                } else if fields.dropFirst() == ["checkpoint", "parquet"] {
                    parts[version, default: []].append((1, 1, name))
                } else if fields.count == 5, fields[1] == "checkpoint", fields[4] == "parquet",
                    let index = Self.number(fields[2], digits: 10), let count = Self.number(fields[3], digits: 10)
                {
                    parts[version, default: []].append((index, count, name))
                }
            }
            versions.sort()
            for version in parts.keys.sorted(by: >) {
                let all = (parts[version] ?? []).sorted { ($0.count, $0.index) < ($1.count, $1.index) }
                for count in Set(all.map(\.count)).sorted() {
                    let group = all.filter { $0.count == count }
                    guard group.count == count else { continue }
                    checkpoint = (version, group.map(\.name))
                    return
                }
            }
        }

        private static func number(_ text: Substring, digits: Int) -> Int? {
            text.count == digits && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
                ? Int(text).flatMap { $0 < 1 << 62 ? $0 : nil } : nil
        }

        static func version(_ version: Int) -> String {
            let digits = String(version)
            return String(repeating: "0", count: max(0, digitCount - digits.count)) + digits + ".json"
        }
    }
}
