import CSpillwayKernels
import SpillwayPlatform

/// The body of an RLE_DICTIONARY page (Encodings.md, "RLE/Bit-Packing Hybrid"): the bit width, then runs of one
/// code and stretches of bit-packed codes.
enum HybridEncoding {
    /// Bits of each code into a dictionary of `count` entries. At least 1: some readers refuse 0.
    static func bitWidth(dictionaryCount count: Int) -> Int {
        max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
    }

    /// Appends one page's codes, each below 2^`width`; width is 1 to 16.
    static func encode(_ codes: UnsafeBufferPointer<UInt16>, width: Int, into body: inout ByteBuffer) {
        guard let start = codes.baseAddress else { return }
        // A run must save more than the about five bytes that interrupting the bit-packing costs.
        let minimumRun = max(8, 64 / width)
        // Every header, of a run and of the stretch before it, pays for 8 codes at least.
        body.withRoom(64 + codes.count * 2 + (codes.count / 8 + 1) * 12) { room in
            var output = ByteCursor(room)
            output.put(UInt8(width))
            var position = 0
            while position < codes.count {
                var length = 0
                let runStart = spillway_find_run_u16(start, position, codes.count, minimumRun, &length)
                if runStart > position {
                    pack(UnsafeBufferPointer(rebasing: codes[position..<runStart]), width, into: &output)
                }
                if length > 0 { put(CodeRun(codes[runStart], count: length), width, into: &output) }
                position = runStart + length
            }
            return output.count
        }
    }

    /// Appends one page's codes, given as runs of any length.
    static func encode(_ runs: [CodeRun], width: Int, into body: inout ByteBuffer) {
        body.withRoom(1 + runs.count * 12) { room in
            var output = ByteCursor(room)
            output.put(UInt8(width))
            for run in runs { put(run, width, into: &output) }
            return output.count
        }
    }

    private static func put(_ run: CodeRun, _ width: Int, into output: inout ByteCursor) {
        output.put(varint: UInt64(run.count) << 1)
        output.put(UInt8(truncatingIfNeeded: run.code))
        if width > 8 { output.put(UInt8(truncatingIfNeeded: run.code >> 8)) }
    }

    /// A bit-packed stretch: groups of 8 codes; only the page's last stretch may end in an incomplete one.
    private static func pack(
        _ codes: UnsafeBufferPointer<UInt16>, _ width: Int, into output: inout ByteCursor
    ) {
        guard let start = codes.baseAddress else { return }
        let groupCount = (codes.count + 7) / 8
        output.put(varint: UInt64(groupCount) << 1 | 1)
        let whole = codes.count / 32 * 32
        for first in stride(from: 0, to: whole, by: 32) {
            spillway_pack32_u16(start + first, UInt32(width), output.next(4 * width))
        }
        guard whole < codes.count else { return }
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 32) { tail in
            guard let tailStart = tail.baseAddress else { return }
            tail.initialize(repeating: 0)
            tailStart.update(from: start + whole, count: codes.count - whole)
            spillway_pack32_u16(tailStart, UInt32(width), output.next(4 * width))
            output.drop(4 * width - (groupCount - whole / 8) * width)
        }
    }
}
