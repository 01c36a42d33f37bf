internal import SpillwayInterchange
internal import SpillwayModel

/// Makes identities out of whatever a column has for them.
enum ForeignIdentities {
    /// Fills `identities`; a row without one is bad.
    static func fill(
        _ identities: inout [Identity], _ vector: ColumnVector?, _ form: IdentityForm, _ name: String,
        _ bad: inout BadRows
    ) {
        guard let vector else { return }
        if vector.type == .text {
            fill(&identities, codes: vector, found(vector.texts, form), form, name, &bad)
        } else {
            fill(&identities, numbers: vector, form, name, &bad)
        }
    }

    private static func fill(
        _ identities: inout [Identity], codes vector: ColumnVector, _ found: [Identity?], _ form: IdentityForm,
        _ name: String, _ bad: inout BadRows
    ) {
        let (codes, nulls) = (vector.codes, vector.nulls)
        for row in identities.indices {
            if !nulls.isEmpty, nulls[row] {
                bad.add(row, column: name, "is null; \(wanted(form)) is wanted")
            } else if let identity = found[Int(codes[row])] {
                identities[row] = identity
            } else {
                bad.add(row, column: name, "found \(vector.quoted(row)); \(wanted(form)) is wanted")
            }
        }
    }

    private static func fill(
        _ identities: inout [Identity], numbers vector: ColumnVector, _ form: IdentityForm, _ name: String,
        _ bad: inout BadRows
    ) {
        let (numbers, nulls) = (WholeNumbers(vector), vector.nulls)
        for row in identities.indices {
            if !nulls.isEmpty, nulls[row] {
                bad.add(row, column: name, "is null; \(wanted(form)) is wanted")
            } else if let number = numbers[row] {
                identities[row] = identity(number, isUnsigned: numbers.areUnsigned, form)
            } else {
                bad.add(row, column: name, "found \(vector.shown(row)); \(wanted(form)) is wanted")
            }
        }
    }

    @inline(__always)
    private static func identity(_ number: Int64, isUnsigned: Bool, _ form: IdentityForm) -> Identity {
        let bits = UInt64(bitPattern: number)
        switch form {
        case .number: return Identity(rawValue: bits)
        case .hash(let key): return Identity(hashing: isUnsigned ? "\(bits)" : "\(number)", key: key)
        }
    }

    private static func found(_ texts: TextTable, _ form: IdentityForm) -> [Identity?] {
        let values = RecordingText()
        var found: [Identity?] = []
        found.reserveCapacity(texts.count)
        switch form {
        case .number: texts.forEach { found.append(values.identity($0)) }
        case .hash(let key): texts.forEach { found.append(values.identity(hashing: $0, key: key)) }
        }
        return found
    }

    private static func wanted(_ form: IdentityForm) -> String {
        switch form {
        case .number: "a whole number of 64 bits (for other names of people there is --identity hash)"
        case .hash: "a whole number or a string of UTF-8 that is not empty"
        }
    }
}

/// The bits of a column's numbers, by row.
struct WholeNumbers {
    private let bits: [Int64]
    private let areReal: Bool
    let areUnsigned: Bool

    /// - Precondition: the column is none of text.
    init(_ vector: ColumnVector) {
        bits = vector.integers
        areReal = vector.type == .real
        areUnsigned = vector.type == .unsigned
    }

    /// Nil of a floating-point number that is not whole, or beyond what those hold exactly.
    @inline(__always)
    subscript(row: Int) -> Int64? {
        if !areReal { return bits[row] }
        let number = Double(bitPattern: UInt64(bitPattern: bits[row]))
        return number.magnitude <= 0x1p53 ? Int64(exactly: number) : nil
    }
}

extension ColumnVector {
    /// A row's value as messages show it.
    func shown(_ row: Int) -> String {
        switch type {
        case .text: quoted(row)
        case .real: "\(Double(bitPattern: UInt64(bitPattern: integers[row])))"
        case .unsigned: "\(UInt64(bitPattern: integers[row]))"
        default: "\(integers[row])"
        }
    }
}
