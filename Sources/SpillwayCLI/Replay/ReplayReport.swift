import SpillwayConsole
import SpillwayModel
import SpillwayPlatform

/// What a replay came to.
struct ReplayReport {
    var trace: String
    var totals: ReplayTotals
    var seconds: Double
    var bytesOnDisk: Int
    /// Registrations in the store, those of earlier runs too.
    var storedRegistrations: Int
    var durability: Durability
    var peakResidentBytes = Process.peakResidentBytes

    private var attemptsPerSecond: Double { seconds > 0 ? Double(totals.attempts) / seconds : 0 }
    private var bytesPerRegistration: Double {
        storedRegistrations > 0 ? Double(bytesOnDisk) / Double(storedRegistrations) : 0
    }

    var json: JSON {
        let refused = totals.refused.map { JSON.Member(key: "\($0.reason)", value: .integer($0.count)) }
        let regions = Region.allCases.map { region in
            JSON.Member(key: region.rawValue, value: .integer(totals.accepted(from: region)))
        }
        return [
            "trace": .string(trace), "attempts": .integer(totals.attempts),
            "accepted": .integer(totals.accepted), "duplicates": .integer(totals.duplicates),
            "refused": .object(refused), "regions": .object(regions), "seconds": .rounded(seconds),
            "attemptsPerSecond": .rounded(attemptsPerSecond.rounded()),
            "bytesOnDisk": .integer(bytesOnDisk), "bytesPerRegistration": .rounded(bytesPerRegistration),
            "durability": .string(durability.rawValue), "peakResidentBytes": .integer(peakResidentBytes),
        ]
    }

    var table: String { "\(regions)\n\(summary)" }

    private var regions: String {
        var table = RegionTable()
        for region in Region.allCases {
            table.append(
                region, registrations: totals.accepted(from: region),
                duplicates: totals.duplicates(from: region))
        }
        return table.rendered(duplicates: totals.duplicates)
    }

    private var summary: String {
        var facts = [
            (
                "Attempts",
                "\(Figures.grouped(totals.attempts)) in \(Figures.duration(seconds: seconds)), "
                    + "\(Figures.short(attemptsPerSecond))/s"
            )
        ]
        for (reason, count) in totals.refused {
            facts.append(("Refused", "\(Figures.grouped(count)): \(Refusal(reason))"))
        }
        facts += [
            (
                "On disk",
                "\(Figures.bytes(bytesOnDisk)), "
                    + "\(Figures.decimal(bytesPerRegistration, places: 2)) bytes a registration"
            ),
            ("Durability", "\(durability.rawValue): \(durability.promise)"),
            ("Peak memory", Figures.bytes(peakResidentBytes)),
        ]
        return Facts.rendered(facts)
    }
}

extension Durability {
    fileprivate var promise: String {
        switch self {
        case .synced: "what was acknowledged survives power loss"
        case .written: "what was acknowledged survives a crash of the process, not of the system"
        case .memory: "what was acknowledged may be lost if the process dies before it is written"
        }
    }
}
