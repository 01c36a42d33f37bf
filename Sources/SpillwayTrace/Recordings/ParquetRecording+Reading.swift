internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform

extension ParquetRecording {
    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        let group = rowGroups[index]
        slice.resize(to: group.rowCount)
        var chunks = ColumnChunkReader(file)
        try slice.batch.registeredAt.read(group, columns[.registeredAt], &chunks)
        try slice.batch.identity.read(group, columns[.identity], &chunks)
        try slice.batch.latencyUs.read(group, columns[.latencyUs], &chunks)
        for row in slice.batch.latencyUs.indices where slice.batch.latencyUs[row] < 0 {
            slice.batch.latencyUs[row] = -1
        }
        try readCountries(group, &chunks, &slice)
        try slice.batch.platform.readLabels(group, columns[.platform], &chunks)
        try slice.batch.source.readLabels(group, columns[.source], &chunks)
        try readArrivals(index, &chunks, &slice)
    }

    /// Codes go where platforms will be: they take the same room.
    private func readCountries(
        _ group: RowGroupMetadata, _ chunks: inout ColumnChunkReader, _ slice: inout TraceSlice
    ) throws(TraceError) {
        let names = try slice.batch.platform.readCodes(group, columns[.country], &chunks)
        let countries = names.map { Country($0) ?? .unknown }
        for row in slice.batch.country.indices {
            slice.batch.country[row] = countries[Int(slice.batch.platform[row].code)]
        }
    }

    private func readArrivals(
        _ index: Int, _ chunks: inout ColumnChunkReader, _ slice: inout TraceSlice
    ) throws(TraceError) {
        let hasArrivals = columns[.arrivedAt] != nil
        if hasArrivals { try slice.arrivedAt.read(rowGroups[index], columns[.arrivedAt], &chunks) }
        var arrivedAt = arrivedBefore[index]
        for row in slice.arrivedAt.indices {
            arrivedAt = max(arrivedAt, hasArrivals ? slice.arrivedAt[row] : slice.batch.registeredAt[row])
            slice.arrivedAt[row] = arrivedAt
        }
        // Else the next slice would begin before this one ends.
        guard arrivedAt <= arrivedBefore[index + 1] else {
            throw .recording(
                RecordingError(
                    file: file.path, row: firstRows[index] + 1,
                    column: (hasArrivals ? RecordingColumn.arrivedAt : .registeredAt).rawValue,
                    problem: "has later times than its row group's statistics say: the file is damaged"))
        }
    }
}

/// Reads column chunks of a file, with memory that is reused.
struct ColumnChunkReader: ~Copyable {
    private let file: any File
    private var bytes = ByteBuffer()
    private var decoder = ColumnChunkDecoder()

    init(_ file: any File) { self.file = file }

    mutating func read(
        _ chunk: ColumnChunkMetadata, into values: UnsafeMutableBufferPointer<Int64>
    ) throws(TraceError) {
        do throws(ParquetError) {
            try chunk.read(from: file, into: &bytes)
            try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        } catch {
            throw TraceError(error, path: file.path)
        }
    }

    mutating func read(
        _ chunk: ColumnChunkMetadata, into values: UnsafeMutableBufferPointer<Int32>
    ) throws(TraceError) {
        do throws(ParquetError) {
            try chunk.read(from: file, into: &bytes)
            try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        } catch {
            throw TraceError(error, path: file.path)
        }
    }

    /// Returns the names that the codes stand for; every code has one.
    mutating func read(
        _ chunk: ColumnChunkMetadata, into codes: UnsafeMutableBufferPointer<UInt16>
    ) throws(TraceError) -> [String] {
        do throws(ParquetError) {
            try chunk.read(from: file, into: &bytes)
            return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: codes)
            }
        } catch {
            throw TraceError(error, path: file.path)
        }
    }
}

extension Array {
    /// Fills the array with the values of a column; nothing if there is no such column.
    ///
    /// - Precondition: elements are 64 bits that mean what the column's mean.
    fileprivate mutating func read(
        _ group: RowGroupMetadata, _ column: Int?, _ chunks: inout ColumnChunkReader
    ) throws(TraceError) where Element: RawRepresentable, Element.RawValue: FixedWidthInteger {
        precondition(MemoryLayout<Element>.stride == MemoryLayout<Int64>.stride)
        guard let column, !isEmpty else { return }
        try withUnsafeMutableBufferPointer { (values) throws(TraceError) in
            try values.withMemoryRebound(to: Int64.self) { (values) throws(TraceError) in
                try chunks.read(group.columns[column], into: values)
            }
        }
    }
}

extension Array where Element == Int32 {
    fileprivate mutating func read(
        _ group: RowGroupMetadata, _ column: Int?, _ chunks: inout ColumnChunkReader
    ) throws(TraceError) {
        guard let column, !isEmpty else { return }
        try withUnsafeMutableBufferPointer { (values) throws(TraceError) in
            try chunks.read(group.columns[column], into: values)
        }
    }
}

extension Array where Element == Label {
    /// Fills the array with indices into the names that are returned.
    fileprivate mutating func readCodes(
        _ group: RowGroupMetadata, _ column: Int?, _ chunks: inout ColumnChunkReader
    ) throws(TraceError) -> [String] {
        precondition(MemoryLayout<Label>.stride == MemoryLayout<UInt16>.stride)
        guard let column, !isEmpty else { return [] }
        return try withUnsafeMutableBufferPointer { (labels) throws(TraceError) in
            try labels.withMemoryRebound(to: UInt16.self) { (codes) throws(TraceError) in
                try chunks.read(group.columns[column], into: codes)
            }
        }
    }

    fileprivate mutating func readLabels(
        _ group: RowGroupMetadata, _ column: Int?, _ chunks: inout ColumnChunkReader
    ) throws(TraceError) {
        let labels = try readCodes(group, column, &chunks).map { Label($0) ?? .invalid }
        for row in indices { self[row] = labels[Int(self[row].code)] }
    }
}
