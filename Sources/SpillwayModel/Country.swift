/// A country or territory of ISO 3166-1.
public struct Country: Hashable, Sendable {
    /// Row in the country table, in alphabetical order of alpha-2 codes. May change when ISO 3166-1 does:
    /// never persisted; files hold the code.
    @usableFromInline package var index: UInt8

    @inlinable
    package init(index: UInt8) { self.index = index }

    /// Stands for a code that ISO 3166-1 does not have: an attempt from there is refused
    /// (``Refusal/Reason/unknownCountry``).
    public static let unknown = Country(index: unknownIndex)

    /// The country with this alpha-2 code, in upper case; nil if there is none.
    ///
    /// - Complexity: O(1)
    @inlinable
    public init?(_ code: some StringProtocol) {
        var letters = code.utf8.makeIterator()
        guard let first = letters.next(), let second = letters.next(), letters.next() == nil
        else { return nil }
        self.init(letters: first, second)
    }

    /// The country whose alpha-2 code is these two bytes of ASCII; nil if there is none.
    @inlinable
    package init?(letters first: UInt8, _ second: UInt8) {
        let index = Self.index(of: first, second)
        guard index != Self.unknownIndex else { return nil }
        self.init(index: index)
    }

    /// Every country, in alphabetical order of codes.
    public static let all: [Country] = table.indices.map { Country(index: UInt8($0)) }

    /// The alpha-2 code, `??` for ``unknown``.
    public var code: String { isKnown ? Self.codes[Int(index)] : "??" }

    /// The short name in English, empty for ``unknown``.
    public var name: String { isKnown ? Self.table[Int(index)].name : "" }

    /// Where registrations from here are counted; nil for ``unknown`` only.
    ///
    /// Regions are those of the United Nations' M49 standard, save that its Northern Africa and Western Asia,
    /// and Iran, are MENA unless the World Bank (2021) groups them otherwise: Sudan is in Sub-Saharan Africa;
    /// Armenia, Azerbaijan, Cyprus, Georgia and Türkiye are in Europe. Of the places that M49 leaves out, Taiwan
    /// is in Asia and Antarctica in Oceania.
    public var region: Region? { isKnown ? Self.regions[Int(index)] : nil }

    /// The E.164 country calling code, as an integer: 55 for Brazil, 1 for every member of the North American
    /// Numbering Plan, 0 for ``unknown``. A territory without one has that of the plan that serves it.
    public var callingCode: Int { isKnown ? Self.table[Int(index)].callingCode : 0 }

    private var isKnown: Bool { index != Self.unknownIndex }
}

extension Country: CustomStringConvertible {
    public var description: String { code }
}
