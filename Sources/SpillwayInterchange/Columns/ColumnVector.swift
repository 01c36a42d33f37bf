/// The values of consecutive rows of a column.
package struct ColumnVector: Sendable {
    package let type: InterchangeType
    /// For each row, whether it is null; empty if none is.
    package fileprivate(set) var nulls: [Bool] = []
    /// For each row, if the type is no text; arbitrary where it is null. What they mean is ``InterchangeType``'s.
    package fileprivate(set) var integers: [Int64] = []
    /// For each row, if the type is text, its number in ``texts``; arbitrary, and maybe none, where it is null.
    package fileprivate(set) var codes: [UInt32] = []
    package var texts = TextTable()
    package private(set) var count = 0

    /// - Parameter capacity: of rows, which are to come.
    init(_ type: InterchangeType, capacity: Int = 0) {
        self.type = type
        if type == .text { codes.reserveCapacity(capacity) } else { integers.reserveCapacity(capacity) }
    }

    /// The same text in every row; null if it is nil.
    package init(repeating text: String?, count: Int) {
        type = .text
        self.count = count
        codes = [UInt32](repeating: 0, count: count)
        if let text { texts = TextTable(text) } else { nulls = [Bool](repeating: true, count: count) }
    }

    package func isNull(_ row: Int) -> Bool { !nulls.isEmpty && nulls[row] }

    /// - Parameters:
    ///   - values: of the rows that have one.
    ///   - isPresent: for each row; empty if all have one.
    mutating func append(integers values: [Int64], _ isPresent: ArraySlice<Bool>) {
        let count = Self.append(values, isPresent, filler: 0, to: &integers)
        appendNulls(isPresent, count)
    }

    mutating func append(codes values: [UInt32], _ isPresent: ArraySlice<Bool>) {
        let count = Self.append(values, isPresent, filler: 0, to: &codes)
        appendNulls(isPresent, count)
    }

    private mutating func appendNulls(_ isPresent: ArraySlice<Bool>, _ newCount: Int) {
        if nulls.isEmpty, isPresent.contains(false) { nulls = [Bool](repeating: false, count: count) }
        count += newCount
        if isPresent.isEmpty, !nulls.isEmpty {
            nulls.append(contentsOf: repeatElement(false, count: newCount))
        } else if !nulls.isEmpty || isPresent.contains(false) {
            for present in isPresent { nulls.append(!present) }
        }
    }

    /// Returns how many rows there are.
    private static func append<Value>(
        _ values: [Value], _ isPresent: ArraySlice<Bool>, filler: Value, to rows: inout [Value]
    ) -> Int {
        if isPresent.isEmpty {
            rows.append(contentsOf: values)
            return values.count
        }
        var next = 0
        for present in isPresent {
            rows.append(present ? values[next] : filler)
            next += present ? 1 : 0
        }
        return isPresent.count
    }
}
