/// The part of the world that a registration is counted under.
///
/// Each country belongs to exactly one region; see ``Country/region``. The raw value is the name as it
/// is written into segments and asked for in queries.
public enum Region: String, CaseIterable, Sendable, Hashable, Codable {
    case asia = "Asia"
    case europe = "Europe"
    case latinAmerica = "Latin America"
    case mena = "MENA"
    case northAmerica = "North America"
    case subSaharanAfrica = "Sub-Saharan Africa"
    case oceania = "Oceania"
}
