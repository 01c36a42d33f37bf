extension Country {
    /// The codes of known countries, by ``index``.
    package static let codes: [String] = table.map(\.code)

    /// The regions of known countries, by ``index``.
    package static let regions: [Region] = table.map(\.region)

    /// For each known country's ``index``, the place of its region among all.
    package static let regionCodes: [UInt16] = regions.map { region in
        UInt16(Region.allCases.firstIndex(of: region) ?? 0)
    }

    @usableFromInline static let unknownIndex: UInt8 = 255

    /// Row of a code in the country table, ``unknownIndex`` if it has none.
    @usableFromInline
    static func index(of first: UInt8, _ second: UInt8) -> UInt8 {
        let row = Int(first) - Int(UInt8(ascii: "A"))
        let column = Int(second) - Int(UInt8(ascii: "A"))
        guard letters.contains(row), letters.contains(column) else { return unknownIndex }
        return indexByLetters[row * letters.count + column]
    }

    private static let letters = 0..<26

    /// Row in the country table by the two letters of a code, 26 × 26.
    private static let indexByLetters: [UInt8] = {
        var indices = [UInt8](repeating: unknownIndex, count: letters.count * letters.count)
        for (index, code) in codes.enumerated() {
            let offsets = code.utf8.map { Int($0 - UInt8(ascii: "A")) }
            indices[offsets[0] * letters.count + offsets[1]] = UInt8(index)
        }
        return indices
    }()
}
