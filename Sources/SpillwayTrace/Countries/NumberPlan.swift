package import SpillwayModel

/// A country's mobile telephone numbers, as blocks of consecutive numbers, all of one size.
///
/// A plan maps 0 ..< ``capacity`` one-to-one onto E.164 numbers. No number is in the plans of two countries, so
/// that a number tells its country.
package struct NumberPlan: Sendable {
    /// How many numbers the plan has; 0 where nobody lives.
    package let capacity: UInt64
    /// First number of each block.
    let blocks: [UInt64]
    /// Numbers in a block, a power of ten.
    let blockSize: UInt64
    /// ⌈2⁶⁴ / blockSize⌉.
    private let reciprocal: UInt64

    static let none = NumberPlan(blocks: [], freeDigits: 1)

    /// - Precondition: `freeDigits` is 1 ... 9, and ``capacity`` · ``blockSize`` < 2⁶⁴, which keeps
    ///   ``number(at:)`` exact.
    init(blocks: [UInt64], freeDigits: Int) {
        precondition((1...9).contains(freeDigits))
        let blockSize = (0..<freeDigits).reduce(1 as UInt64) { power, _ in power * 10 }
        capacity = UInt64(blocks.count) * blockSize
        precondition(!capacity.multipliedReportingOverflow(by: blockSize).overflow)
        self.blocks = blocks
        self.blockSize = blockSize
        reciprocal = UInt64.max / blockSize + 1
    }

    /// The number at `index`, country calling code first, as an integer: an ``Identity``.
    ///
    /// - Precondition: `index` < ``capacity``
    @inline(__always)
    package func number(at index: UInt64) -> UInt64 {
        precondition(index < capacity)
        // index / blockSize: exact, as the reciprocal is too large by less than 1 and index · blockSize < 2⁶⁴
        // (Granlund and Montgomery, "Division by invariant integers using multiplication", 1994).
        let block = index.multipliedFullWidth(by: reciprocal).high
        return blocks[Int(block)] + (index - block * blockSize)
    }
}

extension NumberPlan {
    /// The plans by index in the country table. Hoist it out of hot loops.
    package static let all: [NumberPlan] = zip(table, Country.codes).map { row, code in
        precondition(row.code == code, "the row of \(row.code) is where that of \(code) belongs")
        if row.pattern.isEmpty { return .none }
        guard let plan = NumberPlan(pattern: row.pattern) else {
            preconditionFailure("the pattern of \(code) is malformed")
        }
        return plan
    }

    /// The plan of a country, without numbers for ``Country/unknown``.
    package static func of(_ country: Country) -> NumberPlan {
        country == .unknown ? .none : all[Int(country.index)]
    }
}
