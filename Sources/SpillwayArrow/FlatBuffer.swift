/// Writes one FlatBuffer, as far as Arrow's metadata takes: tables, strings, and vectors of references and of pairs.
/// Built from its end, so that what refers comes after what it refers to (flatbuffers.dev, "FlatBuffer Internals").
struct FlatBuffer {
    /// Something that was written, by the distance of its first byte from the buffer's end.
    struct Reference {
        fileprivate var position: Int
    }

    /// A field of a table.
    enum Field {
        case bool(Bool)
        case byte(UInt8)
        case short(Int16)
        case int(Int32)
        case long(Int64)
        case reference(Reference)
    }

    /// From the last byte to the first.
    private var reversed: [UInt8] = []

    mutating func string(_ text: String) -> Reference {
        let bytes = Array(text.utf8)
        align(to: 4, with: bytes.count + 1)
        reversed.append(0)
        reversed.append(contentsOf: bytes.reversed())
        return push(UInt32(bytes.count))
    }

    mutating func vector(_ elements: [Reference]) -> Reference {
        for element in elements.reversed() { push(element) }
        return push(UInt32(elements.count))
    }

    /// A vector of structs of two 64-bit numbers.
    mutating func vector(_ pairs: [(Int64, Int64)]) -> Reference {
        align(to: 8)
        for pair in pairs.reversed() {
            push(pair.1)
            push(pair.0)
        }
        return push(UInt32(pairs.count))
    }

    /// - Parameter fields: By the number that the schema gives them; nil for one that is left out.
    mutating func table(_ fields: [Field?]) -> Reference {
        let end = reversed.count
        let positions = fields.reversed().map { field in field.map { push($0).position } }
        let table = push(Int32(0))
        for position in positions { push(UInt16(position.map { table.position - $0 } ?? 0)) }
        push(UInt16(table.position - end))
        let description = push(UInt16(4 + 2 * fields.count))
        // The table begins with how far before it its description is.
        let distance = UInt32(description.position - table.position)
        for byte in 0..<4 { reversed[table.position - 1 - byte] = UInt8(truncatingIfNeeded: distance >> (8 * byte)) }
        return table
    }

    /// All of the buffer, a multiple of 8 bytes long.
    consuming func finished(root: Reference) -> [UInt8] {
        align(to: 8, with: 4)
        push(root)
        return reversed.reversed()
    }

    @discardableResult
    private mutating func push(_ field: Field) -> Reference {
        switch field {
        case .bool(let value): push(UInt8(value ? 1 : 0))
        case .byte(let value): push(value)
        case .short(let value): push(value)
        case .int(let value): push(value)
        case .long(let value): push(value)
        case .reference(let value): push(value)
        }
    }

    @discardableResult
    private mutating func push(_ reference: Reference) -> Reference {
        align(to: 4)
        return push(UInt32(reversed.count + 4 - reference.position))
    }

    /// Aligned to its own size.
    @discardableResult
    private mutating func push<Value: FixedWidthInteger>(_ value: Value) -> Reference {
        let size = MemoryLayout<Value>.size
        align(to: size)
        for byte in (0..<size).reversed() { reversed.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
        return Reference(position: reversed.count)
    }

    /// Pads so that what begins `byteCount` bytes before is aligned.
    private mutating func align(to alignment: Int, with byteCount: Int = 0) {
        while (reversed.count + byteCount) % alignment != 0 { reversed.append(0) }
    }
}
