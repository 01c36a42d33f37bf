import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Turns stored row groups back into rows. Used by one thread at a time; keeps its memory for reuse.
package final class RowGroupReader: @unchecked Sendable {
    // Unchecked: used by one thread at a time, handed on under the lock of the idle ones.
    private(set) var rowCount = 0
    // Each holds as many values as the largest row group had; those of the last one come first.
    private var registeredAt: [Int64] = []
    private var identities: [Int64] = []
    private var latencyUs: [Int32] = []
    private var codes: [UInt16] = []
    private var attributes: [UInt64] = []

    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()

    package init() {}

    /// Reads a row group, checking every page of it.
    package func read(_ rowGroup: RowGroupMetadata, from file: any File) throws(StoreError) {
        rowCount = rowGroup.rowCount
        registeredAt.grow(to: rowCount)
        latencyUs.grow(to: rowCount)
        codes.grow(to: rowCount)
        attributes.grow(to: rowCount)
        do throws(ParquetError) {
            try readIntegers(rowGroup, file)
        } catch {
            throw StoreError(error, path: file.path)
        }
        try readAttributes(rowGroup, file)
    }

    /// Reads no more of a row group than its identities.
    func readIdentities(_ rowGroup: RowGroupMetadata, from file: any File) throws(ParquetError) {
        rowCount = rowGroup.rowCount
        identities.grow(to: rowCount)
        try decode(rowGroup, .identity, file) { (bytes, decoder, chunk) throws(ParquetError) in
            try identities.withFirst(rowCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        }
    }

    /// Hands over the identities that were read last, as the 64 bits reinterpreted as signed.
    func withIdentities(_ body: (Span<Int64>) throws -> Void) rethrows {
        let identities = identities
        let all = identities.span
        try body(all.extracting(0..<rowCount))
    }

    func identity(at row: Int) -> UInt64 { UInt64(bitPattern: identities[row]) }

    func append(row: Int, to block: RowBlock) {
        block.append(
            PackedRow(
                registeredAt: registeredAt[row], identity: identity(at: row),
                attributes: PackedAttributes(rawValue: attributes[row])))
    }

    /// Replaces what `batch` holds by the rows that were read last.
    package func copyRows(into batch: inout RegistrationBatch) {
        batch.removeAll()
        batch.reserveCapacity(rowCount)
        batch.registeredAt += registeredAt[..<rowCount].lazy.map { Timestamp(rawValue: $0) }
        batch.identity += identities[..<rowCount].lazy.map { Identity(rawValue: UInt64(bitPattern: $0)) }
        let attributes = attributes[..<rowCount].lazy.map { PackedAttributes(rawValue: $0) }
        batch.country += attributes.map(\.country)
        batch.platform += attributes.map(\.platform)
        batch.source += attributes.map(\.source)
        batch.latencyUs += latencyUs[..<rowCount]
    }

    private func readIntegers(_ rowGroup: RowGroupMetadata, _ file: any File) throws(ParquetError) {
        try decode(rowGroup, .registeredAt, file) { (bytes, decoder, chunk) throws(ParquetError) in
            try registeredAt.withFirst(rowCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        }
        try readIdentities(rowGroup, from: file)
        try decode(rowGroup, .latencyUs, file) { (bytes, decoder, chunk) throws(ParquetError) in
            try latencyUs.withFirst(rowCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        }
    }

    /// Latency is read already.
    private func readAttributes(_ rowGroup: RowGroupMetadata, _ file: any File) throws(StoreError) {
        for row in 0..<rowCount {
            guard latencyUs[row] >= 0 else {
                throw unsound(.latencyUs, "holds \(latencyUs[row])", rowGroup, file)
            }
            attributes[row] = UInt64(latencyUs[row])
        }
        try readCodes(.country, rowGroup, file) {
            Country($0).map { UInt64($0.index) << PackedAttributes.countryShift }
        }
        try checkRegions(rowGroup, file)
        try readCodes(.platform, rowGroup, file) { Label($0).map { UInt64($0.code) << PackedAttributes.platformShift } }
        try readCodes(.source, rowGroup, file) { Label($0).map { UInt64($0.code) << PackedAttributes.sourceShift } }
    }

    /// Adds to each row's attributes what its name in the column stands for.
    private func readCodes(
        _ column: SegmentColumn, _ rowGroup: RowGroupMetadata, _ file: any File, _ bits: (String) -> UInt64?
    ) throws(StoreError) {
        let names = try codes(of: column, rowGroup, file)
        var words: [UInt64] = []
        for name in names {
            guard let word = bits(name) else {
                throw unsound(column, "holds '\(name)', which cannot be taken for a \(column.name)", rowGroup, file)
            }
            words.append(word)
        }
        for row in 0..<rowCount { attributes[row] |= words[Int(codes[row])] }
    }

    /// A row's region follows from its country, and is not kept: so it had better be the one that is stored.
    private func checkRegions(_ rowGroup: RowGroupMetadata, _ file: any File) throws(StoreError) {
        let regions = try codes(of: .region, rowGroup, file).map { Region(rawValue: $0) }
        for row in 0..<rowCount {
            let country = PackedAttributes(rawValue: attributes[row]).country
            guard regions[Int(codes[row])] == country.region else {
                throw unsound(.region, "does not fit the country \(country)", rowGroup, file)
            }
        }
    }

    private func codes(
        of column: SegmentColumn, _ rowGroup: RowGroupMetadata, _ file: any File
    ) throws(StoreError) -> [String] {
        do throws(ParquetError) {
            return try decode(rowGroup, column, file) { (bytes, decoder, chunk) throws(ParquetError) in
                try codes.withFirst(rowCount) { (codes) throws(ParquetError) in
                    try decoder.decode(bytes, chunk, into: codes)
                }
            }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    private func decode<Result>(
        _ rowGroup: RowGroupMetadata, _ column: SegmentColumn, _ file: any File,
        _ body: (UnsafeRawBufferPointer, inout ColumnChunkDecoder, ColumnChunkMetadata) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        let chunk = rowGroup.columns[column.rawValue]
        try chunk.read(from: file, into: &bytes)
        return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in try body(bytes, &decoder, chunk) }
    }

    private func unsound(
        _ column: SegmentColumn, _ problem: String, _ rowGroup: RowGroupMetadata, _ file: any File
    ) -> StoreError {
        .damaged(
            path: file.path, offset: rowGroup.columns[column.rawValue].offset,
            problem: "column \(column.name) \(problem)")
    }
}
