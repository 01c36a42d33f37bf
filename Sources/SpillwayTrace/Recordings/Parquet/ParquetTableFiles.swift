internal import SpillwayInterchange
internal import SpillwayPlatform

/// The files that a directory of Parquet files consists of.
struct ParquetTableFiles {
    struct Entry {
        /// Relative to the directory.
        var path: String
        /// Of all rows of the file, by the name of a column that it may lack; nil is null.
        var constants: [String: String?]
    }
    /// In order of path.
    let entries: [Entry]

    /// Directories in directories: links may lead back, and have no end.
    private static let maximumDepth = 16

    /// - Throws: also if there is no file.
    init(in directory: String, _ fileSystem: some FileSystem) throws(TraceError) {
        let isDelta: Bool
        do throws(SystemError) {
            isDelta = try DeltaTable.exists(at: directory, fileSystem)
        } catch {
            throw .system(error)
        }
        let found = isDelta ? try Self.delta(directory, fileSystem) : try Self.all(in: directory, fileSystem)
        guard !found.isEmpty else {
            throw .recording(
                RecordingError(file: directory, row: nil, column: nil, problem: "there is no Parquet file in it"))
        }
        entries = found
    }

    /// Those that the table's log names.
    private static func delta(_ directory: String, _ fileSystem: some FileSystem) throws(TraceError) -> [Entry] {
        do throws(DeltaError) {
            return try DeltaTable(directory: directory, fileSystem).files.map {
                Entry(path: $0.path, constants: $0.partitionValues)
            }
        } catch {
            switch error {
            case .unreadable(let error): throw .system(error)
            case .table(let path, let problem):
                throw .recording(RecordingError(file: path, row: nil, column: nil, problem: problem))
            }
        }
    }

    /// All but those whose names begin with `_` or `.`, as every engine has it: they are no data.
    private static func all(in root: String, _ fileSystem: some FileSystem) throws(TraceError) -> [Entry] {
        var files: [Entry] = []
        var directories = [(path: "", depth: 0, constants: [String: String?]())]
        while let directory = directories.popLast() {
            do throws(SystemError) {
                for name in try fileSystem.list("\(root)/\(directory.path)") {
                    if name.hasPrefix("_") || name.hasPrefix(".") { continue }
                    let path = directory.path + name
                    guard try fileSystem.status("\(root)/\(path)").isDirectory else {
                        files.append(Entry(path: path, constants: directory.constants))
                        continue
                    }
                    let constants = directory.constants.merging(partition(name)) { $1 }
                    directories.append((path + "/", directory.depth + 1, constants))
                }
            } catch {
                throw .system(error)
            }
            guard directory.depth < maximumDepth else {
                throw .recording(
                    RecordingError(
                        file: "\(root)/\(directory.path)", row: nil, column: nil,
                        problem: "directories go deeper than \(maximumDepth): a link may lead back"))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    /// What Hive has the name of a directory say: `country=BR`.
    private static func partition(_ name: String) -> [String: String?] {
        guard let equals = name.firstIndex(of: "="), equals != name.startIndex,
            let column = String(name[..<equals]).removingPercentEscapes,
            let value = String(name[name.index(after: equals)...]).removingPercentEscapes
        else { return [:] }
        let null: String? = nil
        return [column: value == "__HIVE_DEFAULT_PARTITION__" ? null : value]
    }
}
