import SpillwayConsole
import ArgumentParser
import SpillwayModel
import SpillwayQuery

struct LookupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Print the registration of each identity.",
        discussion: """
            An identity is a telephone number with its +, or a 64-bit number in decimal. Numbers below 0 are the \
            same 64 bits as a signed integer, as other tools show them; write them after --.

            EXAMPLES
              spillway lookup --store day +5511912345678
              spillway lookup --store day --format json 5511912345678 18446744073709551615
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: "The identities to look for.", transform: { try Identity(argument: $0) })
    var identities: [Identity]

    @OptionGroup var output: OutputOptions

    func run() throws {
        let found = try Lookup(identities).run(onStoreAt: store.store)
        let results = Array(zip(identities, found))
        try output.print(table: Self.table(results), json: .array(results.map(Self.json)))
    }

    private static func json(_ identity: Identity, _ registration: Registration?) -> JSON {
        guard let registration else {
            return ["identity": .unsigned(identity.rawValue), "found": .bool(false)]
        }
        return [
            "identity": .unsigned(identity.rawValue),
            "registeredAt": .string(registration.registeredAt.rfc3339),
            "country": .string(registration.country.code),
            "region": .string(registration.region?.rawValue ?? ""),
            "platform": .string(registration.platform.name),
            "source": .string(registration.source.name),
            "latencyUs": .integer(registration.latencyUs),
        ]
    }

    private static func table(_ results: [(Identity, Registration?)]) -> String {
        var table = Table([
            .number("Identity"), .text("Registered at"), .text("Country"), .text("Region"), .text("Platform"),
            .text("Source"), .number("Latency"),
        ])
        for (identity, registration) in results {
            let name = String(identity.rawValue)
            guard let registration else {
                table.append([name, "not registered", "", "", "", "", ""])
                continue
            }
            table.append([
                name, registration.registeredAt.rfc3339, registration.country.code,
                registration.region?.rawValue ?? "", registration.platform.name, registration.source.name,
                "\(Figures.grouped(registration.latencyUs)) µs",
            ])
        }
        return table.rendered()
    }
}

extension Identity {
    init(argument: String) throws {
        if let number = UInt64(argument), !argument.hasPrefix("+") {
            self.init(rawValue: number)
        } else if let number = Int64(argument), number < 0 {
            self.init(rawValue: UInt64(bitPattern: number))
        } else if let identity = Identity(e164: argument) {
            self = identity
        } else {
            throw ValidationError(
                "'\(argument)' is neither a telephone number with its + nor a 64-bit number")
        }
    }
}
