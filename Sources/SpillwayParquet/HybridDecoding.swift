import CSpillwayKernels

/// Consecutive codes into a dictionary, in the form the file has them.
package enum CodeBlock {
    case run(code: UInt32, count: Int)
    /// Valid during the call that hands it out.
    case codes(UnsafeBufferPointer<UInt32>)
}

/// The body of an RLE_DICTIONARY page (Encodings.md, "RLE/Bit-Packing Hybrid").
package enum HybridDecoding {
    /// Codes of one ``CodeBlock/codes(_:)`` at most: what fits the first-level cache.
    package static let blockSize = 1024

    /// Hands out `count` codes, each below `dictionaryCount`, through `scratch` of ``blockSize``.
    package static func decode(
        _ reader: inout ByteReader, count: Int, dictionaryCount: Int,
        scratch: UnsafeMutableBufferPointer<UInt32>, _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        let width = Int(try reader.byte())
        guard width <= 32 else { throw reader.damaged("codes of \(width) bits") }
        try decode(&reader, count: count, width: width, dictionaryCount: dictionaryCount, scratch: scratch, body)
    }

    /// The same of runs that no width goes before, as levels have them.
    ///
    /// - Parameter width: bits of a code, at most 32.
    package static func decode(
        _ reader: inout ByteReader, count: Int, width: Int, dictionaryCount: Int,
        scratch: UnsafeMutableBufferPointer<UInt32>, _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        var remaining = count
        while remaining > 0 {
            let header = try reader.length()
            let length = header >> 1
            guard length > 0 else { throw reader.damaged("empty run of codes") }
            if header & 1 == 0 {
                guard length <= remaining else {
                    throw reader.damaged("run of \(length) codes where the page has \(remaining) more")
                }
                let code = try runCode(&reader, width: width)
                guard Int(code) < dictionaryCount else {
                    throw reader.beyondDictionary(code, dictionaryCount)
                }
                try body(.run(code: code, count: length))
                remaining -= length
            } else {
                let packed = try reader.bytes(length * width)
                // The last group may be padded.
                let codeCount = min(length * 8, remaining)
                try unpack(
                    packed, width: width, count: codeCount, dictionaryCount: dictionaryCount, reader, scratch,
                    body)
                remaining -= codeCount
            }
        }
    }

    /// Appends the codes at some rows, ascending, of the `count` of a page whose first row is `first`. The others are not
    /// looked at.
    static func codes(
        _ reader: inout ByteReader, at rows: ArraySlice<Int>, from first: Int, count: Int, dictionaryCount: Int,
        into found: inout [UInt16]
    ) throws(ParquetError) {
        let width = Int(try reader.byte())
        guard width <= 32 else { throw reader.damaged("codes of \(width) bits") }
        var rows = rows
        var position = first
        while let next = rows.first {
            let header = try reader.length()
            let isRun = header & 1 == 0
            let length = min(isRun ? header >> 1 : header >> 1 * 8, count - (position - first))
            guard length > 0 else { throw reader.damaged("empty run of codes") }
            let code = isRun ? try runCode(&reader, width: width) : 0
            let packed = isRun ? nil : try reader.bytes(header >> 1 * width)
            let end = position + length
            var row = next
            while row < end {
                let code = packed.map { Self.code(at: row - position, width, $0) } ?? code
                guard Int(code) < dictionaryCount else { throw reader.beyondDictionary(code, dictionaryCount) }
                found.append(UInt16(truncatingIfNeeded: code))
                rows.removeFirst()
                guard let following = rows.first else { break }
                row = following
            }
            position = end
        }
    }

    /// One of the bit-packed codes.
    private static func code(at index: Int, _ width: Int, _ packed: UnsafeRawBufferPointer) -> UInt32 {
        let (first, shift) = (index * width / 8, index * width % 8)
        var bits: UInt64 = 0
        for (place, byte) in packed[first..<min(first + 5, packed.count)].enumerated() {
            bits |= UInt64(byte) << UInt64(8 * place)
        }
        return UInt32(truncatingIfNeeded: bits >> UInt64(shift) & (1 << UInt64(width) - 1))
    }

    private static func runCode(_ reader: inout ByteReader, width: Int) throws(ParquetError) -> UInt32 {
        var code: UInt32 = 0
        for (index, byte) in try reader.bytes((width + 7) / 8).enumerated() {
            code |= UInt32(byte) << UInt32(8 * index)
        }
        return code
    }

    /// `packed` holds `count` codes, rounded up to groups of eight.
    private static func unpack(
        _ packed: UnsafeRawBufferPointer, width: Int, count: Int, dictionaryCount: Int, _ reader: ByteReader,
        _ scratch: UnsafeMutableBufferPointer<UInt32>, _ body: (CodeBlock) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        for first in stride(from: 0, to: count, by: blockSize) {
            let codes = UnsafeMutableBufferPointer(rebasing: scratch[..<min(blockSize, count - first)])
            unpackBlock(
                UnsafeRawBufferPointer(rebasing: packed[(first / 8 * width)...]), width, scratch, codes.count)
            guard let start = codes.baseAddress else { return }
            let greatest = spillway_max_u32(start, codes.count)
            guard Int(greatest) < dictionaryCount else {
                throw reader.beyondDictionary(greatest, dictionaryCount)
            }
            try body(.codes(UnsafeBufferPointer(codes)))
        }
    }

    /// Unpacks 32 codes at a time, so that `scratch` may get more than `count`; the last ones by way of memory
    /// that is long enough for the kernel.
    private static func unpackBlock(
        _ packed: UnsafeRawBufferPointer, _ width: Int, _ scratch: UnsafeMutableBufferPointer<UInt32>,
        _ count: Int
    ) {
        guard let target = scratch.baseAddress else { return }
        guard width > 0, let source = packed.bindMemory(to: UInt8.self).baseAddress else {
            return scratch.update(repeating: 0)
        }
        for first in stride(from: 0, to: count, by: 32) {
            let offset = first / 8 * width
            if packed.count - offset >= 4 * width {
                spillway_unpack32_u32(source + offset, UInt32(width), target + first)
            } else {
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { padded in
                    guard let start = padded.baseAddress else { return }
                    padded.initialize(repeating: 0)
                    start.update(from: source + offset, count: packed.count - offset)
                    spillway_unpack32_u32(start, UInt32(width), target + first)
                }
            }
        }
    }
}

extension ByteReader {
    fileprivate func beyondDictionary(_ code: UInt32, _ count: Int) -> ParquetError {
        damaged("code \(code) in a dictionary of \(count)")
    }
}
