import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Reads column chunks, or pages as chunks of their own, one after the other into memory that it keeps. Used by one thread
/// at a time.
final class ChunkReader {
    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()
    /// That were read so far.
    private(set) var byteCount = 0

    var pageCounts: PageCounts { decoder.pageCounts }

    /// Reads the chunk's bytes; `body` decodes them.
    func read<Result>(
        _ chunk: ColumnChunkMetadata, _ file: any File,
        _ body: (UnsafeRawBufferPointer, inout ColumnChunkDecoder) throws(ParquetError) -> Result
    ) throws(StoreError) -> Result {
        try file.reading { () throws(ParquetError) in
            try chunk.read(from: file, into: &bytes)
            byteCount += bytes.count
            return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in try body(bytes, &decoder) }
        }
    }

    /// Those values, in their order, that the chunk's Bloom filter does not rule out.
    func passingBloomFilter(
        _ values: ArraySlice<Int64>, of chunk: ColumnChunkMetadata, _ file: any File
    ) throws(StoreError) -> [Int64] {
        try file.reading { () throws(ParquetError) in
            defer { byteCount += bytes.count }
            return try chunk.passingBloomFilter(values, from: file, scratch: &bytes)
        }
    }
}

extension File {
    /// Runs what reads Parquet from this file; its errors get the file's path.
    func reading<Result>(_ body: () throws(ParquetError) -> Result) throws(StoreError) -> Result {
        do throws(ParquetError) { return try body() } catch { throw StoreError(error, path: path) }
    }

    func outsideStatistics(_ column: SegmentColumn, _ chunk: ColumnChunkMetadata) -> StoreError {
        .damaged(
            path: path, offset: chunk.offset, problem: "column \(column.name) does not lie within its statistics")
    }
}
