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
        let texts = vector.type == .text ? found(vector.texts, form) : []
        for row in identities.indices {
            if vector.isNull(row) {
                bad.add(row, column: name, "is null; \(wanted(form)) is wanted")
                continue
            }
            let identity = vector.type == .text ? texts[Int(vector.codes[row])] : identity(vector, row, form)
            if let identity {
                identities[row] = identity
            } else {
                bad.add(row, column: name, "found \(vector.shown(row)); \(wanted(form)) is wanted")
            }
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

    @inline(__always)
    private static func identity(_ vector: ColumnVector, _ row: Int, _ form: IdentityForm) -> Identity? {
        guard let number = vector.wholeNumber(row) else { return nil }
        switch form {
        case .number: return Identity(rawValue: UInt64(bitPattern: number))
        case .hash(let key):
            let text = vector.type == .unsigned ? "\(UInt64(bitPattern: number))" : "\(number)"
            return Identity(hashing: text, key: key)
        }
    }

    private static func wanted(_ form: IdentityForm) -> String {
        switch form {
        case .number: "a whole number of 64 bits (for other names of people there is --identity hash)"
        case .hash: "a whole number or a string of UTF-8 that is not empty"
        }
    }
}

extension ColumnVector {
    /// The bits of a row's number; nil of a floating-point number that is not whole, or beyond what those hold exactly.
    @inline(__always)
    func wholeNumber(_ row: Int) -> Int64? {
        guard type == .real else { return integers[row] }
        let number = Double(bitPattern: UInt64(bitPattern: integers[row]))
        return number.magnitude <= 0x1p53 ? Int64(exactly: number) : nil
    }

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
