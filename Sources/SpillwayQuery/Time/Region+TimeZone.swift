import SpillwayModel

extension Region {
    /// The time zone that stands for the region, by its name in the IANA database: that of the country with the most
    /// people, or of the most of them where it has several; in Europe that of the most countries.
    public var timeZone: String {
        switch self {
        case .asia: "Asia/Kolkata"
        case .europe: "Europe/Berlin"
        case .latinAmerica: "America/Sao_Paulo"
        case .mena: "Africa/Cairo"
        case .northAmerica: "America/New_York"
        case .subSaharanAfrica: "Africa/Lagos"
        case .oceania: "Australia/Sydney"
        }
    }
}
