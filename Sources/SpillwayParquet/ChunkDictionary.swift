import CSpillwayKernels

/// The dictionary of one column chunk: the names that occur in it, in ascending order of their UTF-8 bytes.
///
/// Sorting is done once for each table of names and kept, as row group after row group comes with the same.
struct ChunkDictionary {
    private var names: [String] = []
    /// The UTF-8 of each of them.
    private var bytes: [[UInt8]] = []
    /// Codes of the caller in the order of their names.
    private var order: [UInt16] = []
    private var isUsed: [Bool] = []
    /// Code of the caller → index into ``entries``, for codes that occur.
    private(set) var ranks: [UInt16] = []
    /// The UTF-8 of the names that occur.
    private(set) var entries: [[UInt8]] = []

    mutating func rebuild(for codes: UnsafeBufferPointer<UInt16>, names: [String]) {
        adopt(names)
        markUsed(codes)
        collectEntries()
    }

    mutating func rebuild(for runs: [CodeRun], names: [String]) {
        adopt(names)
        for run in runs {
            precondition(Int(run.code) < names.count, "code \(run.code) has no name")
            isUsed[Int(run.code)] = true
        }
        collectEntries()
    }

    private mutating func collectEntries() {
        entries.removeAll(keepingCapacity: true)
        for code in order where isUsed[Int(code)] {
            ranks[Int(code)] = UInt16(entries.count)
            entries.append(bytes[Int(code)])
        }
    }

    /// No name is used yet.
    private mutating func adopt(_ names: [String]) {
        isUsed.removeAll(keepingCapacity: true)
        isUsed.append(contentsOf: repeatElement(false, count: names.count))
        if names.isIdentical(to: self.names) { return }
        precondition(names.count <= 1 << 16, "codes have 16 bits")
        self.names = names
        bytes = names.map { Array($0.utf8) }
        order = names.indices
            .sorted { bytes[$0].lexicographicallyPrecedes(bytes[$1]) }
            .map { UInt16($0) }
        ranks = Array(repeating: 0, count: names.count)
    }

    private mutating func markUsed(_ codes: UnsafeBufferPointer<UInt16>) {
        guard let start = codes.baseAddress else { return }
        var (least, greatest): (UInt16, UInt16) = (0, 0)
        spillway_min_max_u16(start, codes.count, &least, &greatest)
        precondition(Int(greatest) < names.count, "code \(greatest) has no name")
        isUsed.withUnsafeMutableBufferPointer { isUsed in
            for code in codes { isUsed[Int(code)] = true }
        }
    }

    /// The page's codes as indexes into ``entries``, and the least and greatest of them. Every code was among
    /// those the dictionary was built for.
    func translate(
        _ codes: UnsafeBufferPointer<UInt16>, into output: UnsafeMutableBufferPointer<UInt16>
    ) -> (min: UInt16, max: UInt16) {
        precondition(output.count == codes.count && !codes.isEmpty)
        ranks.withUnsafeBufferPointer { ranks in
            for index in codes.indices { output[index] = ranks[Int(codes[index])] }
        }
        var bounds: (min: UInt16, max: UInt16) = (0, 0)
        if let start = output.baseAddress {
            spillway_min_max_u16(start, output.count, &bounds.min, &bounds.max)
        }
        return bounds
    }
}

extension Array {
    /// Whether both share their storage, hence their elements.
    fileprivate func isIdentical(to other: [Element]) -> Bool {
        withUnsafeBufferPointer { mine in
            other.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress && mine.count == $0.count }
        }
    }
}
