internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform

/// A row group of a file that has exactly the columns and types that ``RecordingWriter`` writes: columns are decoded
/// straight into a slice.
struct OwnRowGroup: RowSource {
    let rowCount: Int
    let arrivals: ClosedRange<Timestamp>?

    private let file: any File
    private let group: RowGroupMetadata
    private let columns: OwnColumns

    init(_ group: RowGroupMetadata, of file: any File, _ columns: OwnColumns) throws(TraceError) {
        self.file = file
        self.group = group
        self.columns = columns
        rowCount = group.rowCount
        arrivals = try Self.arrivals(group, column: columns.arrivals, file)
    }

    func read(into slice: inout TraceSlice) throws(TraceError) {
        slice.resize(to: group.rowCount)
        var chunks = ColumnChunkReader(file)
        try slice.batch.registeredAt.read(group, columns[.registeredAt], &chunks)
        try slice.batch.identity.read(group, columns[.identity], &chunks)
        try slice.batch.latencyUs.read(group, columns[.latencyUs], &chunks)
        for row in slice.batch.latencyUs.indices where slice.batch.latencyUs[row] < 0 {
            slice.batch.latencyUs[row] = -1
        }
        try readCountries(&chunks, &slice)
        try slice.batch.platform.readLabels(group, columns[.platform], &chunks)
        try slice.batch.source.readLabels(group, columns[.source], &chunks)
        if columns[.arrivedAt] != nil {
            try slice.arrivedAt.read(group, columns[.arrivedAt], &chunks)
        } else {
            slice.copyArrivals()
        }
    }

    /// Codes go where platforms will be: they take the same room.
    private func readCountries(
        _ chunks: inout ColumnChunkReader, _ slice: inout TraceSlice
    ) throws(TraceError) {
        let names = try slice.batch.platform.readCodes(group, columns[.country], &chunks)
        let countries = names.map { Country($0) ?? .unknown }
        for row in slice.batch.country.indices {
            slice.batch.country[row] = countries[Int(slice.batch.platform[row].code)]
        }
    }

    /// From statistics, or from the column itself where there are none.
    private static func arrivals(
        _ group: RowGroupMetadata, column: Int, _ file: any File
    ) throws(TraceError) -> ClosedRange<Timestamp>? {
        let chunk = group.columns[column]
        if let min = chunk.min.flatMap(Int64.init(littleEndianBytes:)),
            let max = chunk.max.flatMap(Int64.init(littleEndianBytes:)), min <= max
        {
            return Timestamp(rawValue: min)...Timestamp(rawValue: max)
        }
        var chunks = ColumnChunkReader(file)
        var values = [Int64](repeating: 0, count: group.rowCount)
        try values.withUnsafeMutableBufferPointer { (values) throws(TraceError) in
            try chunks.read(chunk, into: values)
        }
        guard let min = values.min(), let max = values.max() else { return nil }
        return Timestamp(rawValue: min)...Timestamp(rawValue: max)
    }
}

extension TraceSlice {
    /// Has attempts arrive when they are registered.
    mutating func copyArrivals() {
        for row in arrivedAt.indices { arrivedAt[row] = batch.registeredAt[row] }
    }
}

/// Where in a schema the columns are, all of which are there with the types that ``RecordingWriter`` writes.
struct OwnColumns: Sendable {
    private let indices: [RecordingColumn: Int]

    /// Nil if a column is missing or has another type.
    init?(_ schema: ParquetSchema) {
        var indices: [RecordingColumn: Int] = [:]
        for column in RecordingColumn.allCases where column != .region {
            guard let index = schema.columns.firstIndex(where: { $0.name == column.rawValue }) else {
                if column == .arrivedAt { continue }
                return nil
            }
            guard schema.columns[index].type == column.type else { return nil }
            indices[column] = index
        }
        self.indices = indices
    }

    subscript(column: RecordingColumn) -> Int? { indices[column] }

    var arrivals: Int { indices[.arrivedAt] ?? indices[.registeredAt] ?? 0 }
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
