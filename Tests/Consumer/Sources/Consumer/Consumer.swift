import Spillway

@main
struct Consumer {
    /// The README's example: one batch in, its outcomes and a count by region out.
    static func main() async throws {
        let path = CommandLine.arguments[1]
        let engine = try Engine.open(at: path)
        let batch = RegistrationBatch([
            Registration(
                registeredAt: Timestamp(rfc3339: "2021-10-04T15:40:00Z")!,
                identity: Identity(e164: "+55 11 91234-5678")!,
                country: Country("BR")!, platform: "android", source: "invite", latencyUs: 48_000),
            Registration(
                registeredAt: Timestamp(rfc3339: "2021-10-04T15:40:02Z")!, identity: Identity(e164: "+5511912345678")!,
                country: Country("BR")!, platform: "android", source: "invite", latencyUs: 51_000),
        ])
        let acknowledgement = try await engine.ingest(batch)
        for outcome in acknowledgement.outcomes { print(outcome) }
        var query = Query()
        query.groupBy = [.region]
        query.every = .minutes(1)
        for row in try await engine.snapshot().run(query).rows {
            print(row.region!.rawValue, row.registeredAt!.rfc3339, row.registrations)
        }
        try engine.close()
    }
}
