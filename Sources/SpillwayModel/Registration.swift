/// One sign-up.
public struct Registration: Hashable, Sendable {
    /// When the person signed up.
    public var registeredAt: Timestamp
    public var identity: Identity
    /// Where from; decides the region.
    public var country: Country
    /// What on: `ios`, `android`, `web` …
    public var platform: Label
    /// What brought them: `organic`, `invite`, a campaign.
    public var source: Label
    /// How long the sign-up took, in microseconds: 0 … 2³¹−1.
    public var latencyUs: Int

    public init(
        registeredAt: Timestamp, identity: Identity, country: Country, platform: Label, source: Label,
        latencyUs: Int
    ) {
        self.registeredAt = registeredAt
        self.identity = identity
        self.country = country
        self.platform = platform
        self.source = source
        self.latencyUs = latencyUs
    }

    public var region: Region? { country.region }
}
