import Testing

@testable import SpillwayModel

@Suite struct CountryTests {
    @Test func tableHoldsISO3166InOrder() {
        #expect(Country.all.count == 249)
        #expect(Country.codes == Country.codes.sorted())
        #expect(Set(Country.codes).count == 249)
        #expect(Set(Country.all.map(\.name)).count == 249)
        #expect(Country.all.allSatisfy { !$0.name.isEmpty })
        #expect(Country.all.allSatisfy { (1...999).contains($0.callingCode) })
    }

    @Test func everyCodeFindsItsCountry() {
        for (index, country) in Country.all.enumerated() {
            #expect(Int(country.index) == index)
            #expect(Country(country.code) == country)
            #expect(Country(country.code[...]) == country)
            #expect(country.region == Country.regions[index])
            #expect(country.description == Country.codes[index])
        }
    }

    @Test func onlyAssignedPairsOfLettersAreCodes() {
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        let pairs = letters.flatMap { first in letters.map { first + $0 } }
        #expect(pairs.compactMap { Country($0) } == Country.all)
    }

    @Test(arguments: [
        "", "U", "us", "Us", "USA", "XX", "XK", "EU", "AN", "??", "U\0", "@A", "A[", "é", "U S",
    ])
    func invalidCodes(code: String) {
        #expect(Country(code) == nil)
    }

    @Test(arguments: [
        ("BR", "Brazil", Region.latinAmerica, 55), ("IN", "India", .asia, 91),
        ("US", "United States", .northAmerica, 1),
        ("MX", "Mexico", .latinAmerica, 52), ("TR", "Türkiye", .europe, 90), ("IR", "Iran", .mena, 98),
        ("IL", "Israel", .mena, 972), ("EG", "Egypt", .mena, 20), ("SD", "Sudan", .subSaharanAfrica, 249),
        ("KZ", "Kazakhstan", .asia, 7), ("RU", "Russia", .europe, 7), ("JM", "Jamaica", .latinAmerica, 1),
        ("AX", "Åland Islands", .europe, 358), ("GL", "Greenland", .northAmerica, 299),
        ("NG", "Nigeria", .subSaharanAfrica, 234), ("AU", "Australia", .oceania, 61),
        ("ZW", "Zimbabwe", .subSaharanAfrica, 263),
    ])
    func spotChecks(code: String, name: String, region: Region, callingCode: Int) throws {
        let country = try #require(Country(code))
        #expect(country.name == name)
        #expect(country.region == region)
        #expect(country.callingCode == callingCode)
    }

    @Test func everyRegionHasCountries() {
        for region in Region.allCases {
            #expect(Country.regions.contains(region), "\(region)")
        }
    }

    @Test func unknownIsNoCountry() {
        #expect(!Country.all.contains(.unknown))
        #expect(Country.unknown.code == "??")
        #expect(Country.unknown.name.isEmpty)
        #expect(Country.unknown.region == nil)
        #expect(Country.unknown.callingCode == 0)
    }
}
