import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// A question for the registrations of some identities.
///
/// ```swift
/// let found = try Lookup([Identity(e164: "+5511912345678")!]).run(onStoreAt: "signups")
/// ```
public struct Lookup: Sendable {
    public var identities: [Identity]

    public init(_ identities: [Identity]) { self.identities = identities }

    /// The registration of each identity, in their order; nil for one that the store does not hold. Changes nothing,
    /// and needs no lock.
    ///
    /// - Parameters:
    ///   - threads: How many threads to use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory to use, beside what the store's own metadata and the answer take.
    /// - Throws: ``QueryError/store(_:)``
    /// - Complexity: reads the pages whose range of identities holds one that is wanted, and that no Bloom filter
    ///   rules out.
    public func run(
        onStoreAt path: String, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30
    ) throws(QueryError) -> [Registration?] {
        do {
            return try StoreView.read(path, system: PosixSystem()) { view in
                try run(on: view, threads: threads ?? Process.processorCount, memoryLimitBytes: memoryLimitBytes)
            }
        } catch {
            throw QueryError(error)
        }
    }

    package func run(on view: StoreView, threads: Int, memoryLimitBytes: Int = 1 << 30) throws -> [Registration?] {
        let wanted = Set(identities.map { Int64(bitPattern: $0.rawValue) }).sorted()
        let found = Monitor<[Identity: Registration]>([:])
        try Scan(view, threads: threads, memoryLimitBytes: memoryLimitBytes).run { next in
            let reader = LookupReader(wanted: wanted)
            while let source = try next() {
                let registrations = try reader.find(in: source)
                found.withLock { found in
                    for registration in registrations { found[registration.identity] = registration }
                }
            }
        }
        return found.withLock { found in identities.map { found[$0] } }
    }
}

/// Finds identities in one source after the other. Used by one thread at a time.
private final class LookupReader {
    /// Ascending, without repetitions.
    private let wanted: [Int64]
    private let loader = ColumnLoader()

    init(wanted: [Int64]) { self.wanted = wanted }

    func find(in source: RowSource) throws -> [Registration] {
        switch source {
        case .journal(let rows):
            return (0..<rows.count)
                .filter { wanted.sortedContains(Int64(bitPattern: rows.identity[$0].rawValue)) }
                .map { rows[$0] }
        case .rowGroup(let metadata, let file):
            var rows: [(row: Int, identity: Int64)] = []
            for page in try screened(pages(of: metadata, file), metadata, file) {
                let identities = try loader.identities(of: page.chunk, file)
                for (row, identity) in identities.enumerated() where page.wanted.sortedContains(identity) {
                    rows.append((page.firstRow + row, identity))
                }
            }
            return rows.isEmpty ? [] : try registrations(rows, of: source, file)
        }
    }

    private struct Page {
        var firstRow: Int
        /// The page as a chunk of its own.
        var chunk: ColumnChunkMetadata
        /// Identities in the page's range.
        var wanted: ArraySlice<Int64>
    }

    /// The pages that may hold an identity that is wanted. Without a page index, the chunk is taken for one page.
    private func pages(of metadata: RowGroupMetadata, _ file: any File) throws -> [Page] {
        var chunk = metadata.columns[SegmentColumn.identity.rawValue]
        let sought = wanted.part(in: metadata.integerRange(of: .identity))
        if sought.isEmpty { return [] }
        do throws(ParquetError) {
            if chunk.pages.isEmpty { try chunk.loadPages(from: file, rowCount: metadata.rowCount) }
        } catch {
            throw StoreError(error, path: file.path)
        }
        // Pages of codes cannot be read without their dictionary.
        guard !chunk.pages.isEmpty, chunk.dictionaryPageOffset == nil else {
            return [Page(firstRow: 0, chunk: chunk, wanted: sought)]
        }
        let ends = chunk.pages.dropFirst().map(\.firstRow) + [metadata.rowCount]
        return zip(chunk.pages, ends).compactMap { page, end in
            var range: ClosedRange<Int64>?
            if let least = Int64(littleEndianBytes: page.min),
                let greatest = Int64(littleEndianBytes: page.max),
                least <= greatest
            {
                range = least...greatest
            }
            let sought = wanted.part(in: range)
            if sought.isEmpty { return nil }
            var part = chunk
            part.dataPageOffset = page.offset
            part.compressedByteCount = page.byteCount
            part.valueCount = end - page.firstRow
            return Page(firstRow: page.firstRow, chunk: part, wanted: sought)
        }
    }

    /// Leaves out what the row group's Bloom filter rules out, where reading that costs less than the pages do. A
    /// filter without a checksum is not relied on: damage to it would hide a registration.
    private func screened(_ pages: [Page], _ metadata: RowGroupMetadata, _ file: any File) throws -> [Page] {
        let chunk = metadata.columns[SegmentColumn.identity.rawValue]
        let byteCount = pages.reduce(0) { $0 + $1.chunk.compressedByteCount }
        guard let place = chunk.bloomFilter, chunk.bloomFilterChecksum != nil, place.count < byteCount else {
            return pages
        }
        do throws(ParquetError) {
            guard let filter = try chunk.readBloomFilter(from: file) else { return pages }
            return pages.compactMap { page in
                var page = page
                page.wanted = page.wanted.filter(filter.mightContain)[...]
                return page.wanted.isEmpty ? nil : page
            }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    private func registrations(
        _ rows: [(row: Int, identity: Int64)], of source: RowSource, _ file: any File
    ) throws -> [Registration] {
        func labels(_ column: QueryColumn) throws -> [Label] {
            let names = try loader.loadCodes(column, of: source)
            return rows.map { Label(names[Int(loader.codes[$0.row])]) ?? .invalid }
        }
        let codes = try loader.loadCodes(.country, of: source)
        let countries = rows.map { Country(codes[Int(loader.codes[$0.row])]) ?? .unknown }
        let (platforms, sources) = (try labels(.platform), try labels(.source))
        try loader.loadTimes(of: source)
        try loader.loadLatencies(of: source)
        return rows.indices.map { index in
            let row = rows[index].row
            return Registration(
                registeredAt: Timestamp(rawValue: loader.registeredAt[row]),
                identity: Identity(rawValue: UInt64(bitPattern: rows[index].identity)),
                country: countries[index],
                platform: platforms[index], source: sources[index], latencyUs: Int(loader.latencyUs[row]))
        }
    }
}

extension RandomAccessCollection where Element == Int64, Index == Int {
    /// The first index whose element is not below `value`, in an ascending collection.
    private func lowerBound(_ value: Int64) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate func sortedContains(_ value: Int64) -> Bool {
        let index = lowerBound(value)
        return index < endIndex && self[index] == value
    }

    /// The elements of an ascending collection in a range; all if there is none.
    fileprivate func part(in range: ClosedRange<Int64>?) -> SubSequence {
        guard let range else { return self[...] }
        let low = lowerBound(range.lowerBound)
        let high = range.upperBound == .max ? endIndex : lowerBound(range.upperBound + 1)
        return self[low..<Swift.max(low, high)]
    }
}
