internal import SpillwayInterchange
internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform

/// A Parquet file as what a trace is put together from.
struct RecordedParquetFile {
    /// In the order of the file.
    let sources: [any RowSource]
    /// Of the file's size and its footer.
    let footerHash: UInt64

    /// - Parameter constants: columns that the file may lack, with the value of all of its rows.
    init(
        _ file: any File, options: RecordingOptions, constants: [String: String?] = [:],
        _ rejected: inout ParquetRejections
    ) throws(TraceError) {
        let (foreign, hash) = try asTraceError(file.path) { () throws(ParquetError) in
            (try InterchangeFile(file), try file.parquetFooterHash())
        }
        footerHash = hash
        if foreign.createdBy == RecordingWriter.name, options.takesColumnsAsTheyAre {
            let own = try asTraceError(file.path) { () throws(ParquetError) in try ParquetFooter.read(from: file) }
            if let columns = OwnColumns(own.schema) {
                var groups: [OwnRowGroup] = []
                for group in own.rowGroups { groups.append(try OwnRowGroup(group, of: file, columns)) }
                sources = groups
                return
            }
        }
        sources = try ForeignRows.all(of: foreign, options, constants, &rejected)
    }
}

extension RecordingWriter {
    /// As files that this package writes name who wrote them: they need no conversion.
    fileprivate static let name = "spillway"
}

/// Does what may find a file unreadable.
func asTraceError<Result>(
    _ path: String, _ body: () throws(ParquetError) -> Result
) throws(TraceError) -> Result {
    do throws(ParquetError) { return try body() } catch { throw TraceError(error, path: path) }
}

extension TraceError {
    init(_ error: ParquetError, path: String) {
        switch error {
        case .unreadable(let error): self = .system(error)
        case .damaged, .unsupported:
            self = .recording(
                RecordingError(file: path, row: nil, column: nil, problem: error.description))
        }
    }
}

extension File {
    /// Of the footer of a file that was found to have one.
    fileprivate func parquetFooterHash() throws(ParquetError) -> UInt64 {
        do throws(SystemError) {
            let size = try size()
            let length = try readBytes(count: 4, at: size - 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            var hash = RecordingFingerprint()
            let footer = try readBytes(count: Int(length), at: size - 8 - length)
            footer.withUnsafeBytes { hash.combine($0) }
            return hash.value(fileSize: size)
        } catch {
            throw .unreadable(error)
        }
    }
}
