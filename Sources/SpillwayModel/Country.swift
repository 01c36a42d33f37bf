/// A country or territory of ISO 3166-1.
public struct Country: Hashable, Sendable {
    /// Row in the country table, in alphabetical order of alpha-2 codes. May change when ISO 3166-1 does:
    /// never persisted; files hold the code.
    @usableFromInline package var index: UInt8

    @inlinable
    package init(index: UInt8) { self.index = index }

    /// Stands for a code that ISO 3166-1 does not have: an attempt from there is refused
    /// (``Refusal/Reason/unknownCountry``).
    public static let unknown = Country(index: 255)

    /// The country with this alpha-2 code, in upper case; nil if there is none.
    ///
    /// - Complexity: O(1)
    public init?(_ code: some StringProtocol) {
        fatalError()
    }

    /// Every country, in alphabetical order of codes.
    public static let all: [Country] = []

    /// The alpha-2 code, `??` for ``unknown``.
    public var code: String { fatalError() }
    /// The short name in English.
    public var name: String { fatalError() }
    /// Nil for ``unknown`` only.
    public var region: Region? { fatalError() }
    /// The E.164 country calling code, as an integer: 55 for Brazil.
    public var callingCode: Int { fatalError() }
}
