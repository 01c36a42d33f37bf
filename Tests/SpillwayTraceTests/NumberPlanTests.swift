import SpillwayModel
import Testing

@testable import SpillwayTrace

@Suite struct NumberPlanTests {
    /// The numbers of a block, and whose they are.
    private struct Block {
        let country: Country
        let numbers: Range<UInt64>
    }

    private static let blocks: [Block] = Country.all.flatMap { country in
        let plan = NumberPlan.of(country)
        return plan.blocks.map { Block(country: country, numbers: $0..<$0 + plan.blockSize) }
    }

    @Test func tableFollowsTheCountryTable() {
        #expect(NumberPlan.table.map(\.code) == Country.codes)
        #expect(NumberPlan.all.count == Country.all.count)
    }

    @Test func noNumberHasTwoPlaces() {
        let sorted = Self.blocks.sorted { $0.numbers.lowerBound < $1.numbers.lowerBound }
        for (block, next) in zip(sorted, sorted.dropFirst()) {
            #expect(
                block.numbers.upperBound <= next.numbers.lowerBound,
                "\(block.country) \(block.numbers) overlaps \(next.country) \(next.numbers)")
        }
    }

    @Test func numbersBeginWithTheCallingCodeAndAreE164() {
        for block in Self.blocks {
            let first = String(block.numbers.lowerBound)
            #expect(first.hasPrefix(String(block.country.callingCode)), "\(block.country)")
            #expect(String(block.numbers.upperBound - 1).count == first.count)
            #expect(Identity(e164: "+\(first)")?.rawValue == block.numbers.lowerBound)
        }
    }

    /// A surge day takes less than a fifth of a country; the smallest countries have four free digits at most.
    @Test func capacityExceedsAnyDay() {
        for country in Country.all {
            let people = UInt64(Demographics.of(country).populationThousands) * 1000
            let capacity = NumberPlan.of(country).capacity
            if ["AQ", "BV", "GS", "HM", "PN", "TF", "UM"].contains(country.code) {
                #expect(capacity == 0 && people == 0, "\(country)")
            } else {
                #expect(capacity >= people / 5, "\(country)")
                #expect(capacity >= 50_000 || capacity > people, "\(country)")
                #expect(capacity > 0, "\(country)")
            }
        }
        #expect(NumberPlan.of(.unknown).capacity == 0)
    }

    @Test func indicesMapOneToOne() throws {
        let plan = try #require(NumberPlan(pattern: "999 1,3-4 0 xxx"))
        #expect(plan.capacity == 3000)
        let numbers = (0..<plan.capacity).map { plan.number(at: $0) }
        let expected = [999_10, 999_30, 999_40].flatMap { prefix in
            (0..<1000).map { UInt64(prefix * 1000 + $0) }
        }
        #expect(numbers == expected)
    }

    /// The multiplication that stands for a division is most at risk at the ends of blocks.
    @Test func endsOfEveryBlockAreExact() {
        for plan in NumberPlan.all {
            for (block, first) in plan.blocks.enumerated() {
                let index = UInt64(block) * plan.blockSize
                #expect(plan.number(at: index) == first)
                #expect(plan.number(at: index + plan.blockSize - 1) == first + plan.blockSize - 1)
            }
        }
    }

    @Test func brazilHasItsAreaCodes() throws {
        let plan = NumberPlan.of(try #require(Country("BR")))
        #expect(plan.blocks.count == 67)
        #expect(plan.number(at: 12_345_678) == 55_11_9_12_345_678)
        #expect(plan.number(at: plan.capacity - 1) == 55_99_9_99_999_999)
    }

    @Test(arguments: [
        "", "x", "55", "55 11", " 55 xxxxxxxx", "55  9 xxxxxxx", "55 9 xxxxxxx ", "55 9,xxxxxxx",
        "55 9, xxxxxxx",
        "55 9-8 xxxxxxx", "55 9-11 xxxxxxx", "55 1-2-3 xxxxxxx", "55 -3 xxxxxxx", "55 +3 xxxxxxx",
        "5a xxxxxxx",
        "055 xxxxxxx", "55 9 xxXxxxx", "55 9 xxx", "55 9999 xxxxxxxxxx", "1234567890123 xxx",
    ])
    func malformedPatterns(pattern: String) {
        #expect(NumberPlan(pattern: pattern) == nil)
    }

    @Test func rangesKeepLeadingZeros() throws {
        let plan = try #require(NumberPlan(pattern: "242 04-06,010 xxxx"))
        #expect(plan.blocks == [242_04_0000, 242_05_0000, 242_06_0000, 242_010_0000])
    }
}

@Suite struct DemographicsTests {
    @Test func tableFollowsTheCountryTable() {
        #expect(Demographics.table.map(\.code) == Country.codes)
        #expect(Demographics.all.count == Country.all.count)
    }

    @Test func populationsAddUpToTheWorld() {
        let world = Demographics.all.reduce(0) { $0 + $1.populationThousands }
        #expect((7_850_000...7_990_000).contains(world))
        for region in Region.allCases {
            let countries = Country.all.filter { $0.region == region }
            #expect(countries.contains { Demographics.of($0).populationThousands > 10_000 }, "\(region)")
        }
    }

    @Test func offsetsAreThoseOfTimeZones() {
        for country in Country.all {
            let offset = Demographics.of(country).utcOffsetMinutes
            #expect((-11 * 60...13 * 60).contains(offset) && offset % 15 == 0, "\(country)")
        }
    }

    @Test(arguments: [
        ("IN", 330), ("NP", 345), ("BR", -180), ("US", -300), ("GB", 0), ("IR", 210), ("MX", -360),
        ("NZ", 720),
        ("ID", 420), ("RU", 180), ("MA", 60), ("WS", 780),
    ])
    func offsets(code: String, minutes: Int) throws {
        #expect(Demographics.of(try #require(Country(code))).utcOffsetMinutes == minutes)
    }
}
