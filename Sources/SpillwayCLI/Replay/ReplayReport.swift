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
        let refused = totals.refused.map { ("\($0.reason)", JSON.integer($0.count)) }
        return .object([
            "trace": .string(trace), "attempts": .integer(totals.attempts), "accepted": .integer(totals.accepted),
            "duplicates": .integer(totals.duplicates),
            "refused": .object(Dictionary(refused, uniquingKeysWith: { first, _ in first })),
            "regions": .object(
                Dictionary(
                    Region.allCases.map { ($0.rawValue, .integer(totals.accepted(from: $0))) },
                    uniquingKeysWith: { first, _ in first })),
            "seconds": .rounded(seconds), "attemptsPerSecond": .rounded(attemptsPerSecond.rounded()),
            "bytesOnDisk": .integer(bytesOnDisk), "bytesPerRegistration": .rounded(bytesPerRegistration),
            "durability": .string(durability.rawValue), "peakResidentBytes": .integer(peakResidentBytes),
        ])
    }

    var table: String { "\(regions)\n\(summary)" }

    private var regions: String {
        var table = Table([
            .text("Region"), .number("Registrations"), .number("Share"), .text(""), .number("Duplicates"),
        ])
        let counted = Region.allCases.map { ($0, totals.accepted(from: $0)) }.sorted { $0.1 > $1.1 }
        let largest = max(1, counted.first?.1 ?? 0)
        for (region, count) in counted {
            table.append([
                region.rawValue, Figures.grouped(count), Figures.percent(count, of: totals.accepted),
                Bar.filled(Double(count) / Double(largest), width: 24),
                Figures.grouped(totals.duplicates(from: region)),
            ])
        }
        table.setTotal([
            "Total", Figures.grouped(totals.accepted), Figures.percent(totals.accepted, of: totals.accepted), "",
            Figures.grouped(totals.duplicates),
        ])
        return table.rendered()
    }

    private var summary: String {
        var lines = [
            (
                "Attempts",
                "\(Figures.grouped(totals.attempts)) in \(Figures.duration(seconds: seconds)), "
                    + "\(Figures.short(attemptsPerSecond))/s"
            )
        ]
        for (reason, count) in totals.refused {
            lines.append(("Refused", "\(Figures.grouped(count)): \(Refusal(reason))"))
        }
        lines += [
            (
                "On disk",
                "\(Figures.bytes(bytesOnDisk)), "
                    + "\(Figures.decimal(bytesPerRegistration, places: 2)) bytes a registration"
            ),
            ("Durability", "\(durability.rawValue): \(durability.promise)"),
            ("Peak memory", Figures.bytes(peakResidentBytes)),
        ]
        return lines.map { name, text in
            name + String(repeating: " ", count: 13 - name.count) + text + "\n"
        }.joined()
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
