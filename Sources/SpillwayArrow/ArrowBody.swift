/// The buffers of a record batch, as the section "Physical Memory Layout" of Arrow's columnar format has them, each
/// padded to 8 bytes.
struct ArrowBody {
    private(set) var bytes: [UInt8] = []
    /// Offset and length of each buffer.
    private(set) var buffers: [(Int64, Int64)] = []
    /// Rows and nulls of each column.
    private(set) var nodes: [(Int64, Int64)] = []

    /// Complexity: O(rows).
    mutating func append(_ column: ArrowColumn, rows: Range<Int>) throws(ArrowError) {
        switch column.values {
        case .texts(let values):
            appendValidity(of: values[rows])
            try appendTexts(values[rows], of: column.name)
        case .integers(let values), .instantsUs(let values):
            appendValidity(of: values[rows])
            appendBuffer { bytes in for value in values[rows] { bytes.append(littleEndian: value ?? 0) } }
        case .numbers(let values):
            appendValidity(of: values[rows])
            appendBuffer { bytes in
                for value in values[rows] { bytes.append(littleEndian: (value ?? 0).bitPattern) }
            }
        }
    }

    /// A bit for each row, the first the lowest, set where there is a value; no bytes where there always is.
    private mutating func appendValidity<Value>(of values: ArraySlice<Value?>) {
        let nullCount = values.reduce(0) { $0 + ($1 == nil ? 1 : 0) }
        nodes.append((Int64(values.count), Int64(nullCount)))
        guard nullCount > 0 else { return appendBuffer { _ in } }
        appendBuffer { bytes in
            var bits: UInt8 = 0
            for (row, value) in values.enumerated() {
                if value != nil { bits |= 1 << (row % 8) }
                guard row % 8 == 7 || row == values.count - 1 else { continue }
                bytes.append(bits)
                bits = 0
            }
        }
    }

    /// "Variable-size Binary Layout": where each text begins and the last ends, then the texts.
    private mutating func appendTexts(_ values: ArraySlice<String?>, of column: String) throws(ArrowError) {
        var ends: [Int32] = [0]
        var total = 0
        for value in values {
            total += value?.utf8.count ?? 0
            guard let end = Int32(exactly: total) else { throw .textTooLong(column: column) }
            ends.append(end)
        }
        appendBuffer { bytes in for end in ends { bytes.append(littleEndian: end) } }
        appendBuffer { bytes in for case let value? in values { bytes += value.utf8 } }
    }

    private mutating func appendBuffer(_ fill: (inout [UInt8]) -> Void) {
        let offset = bytes.count
        fill(&bytes)
        buffers.append((Int64(offset), Int64(bytes.count - offset)))
        while bytes.count % 8 != 0 { bytes.append(0) }
    }
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for byte in 0..<MemoryLayout<Value>.size { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
