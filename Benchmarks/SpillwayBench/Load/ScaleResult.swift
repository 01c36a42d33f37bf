import SpillwayConsole

struct ScaleCase: Hashable {
    var processors: Int
    var known: Int

    var settings: [String: String] { ["processors": "\(processors)", "known": "\(known)"] }
}

/// What all cases of `scale` say together.
struct ScaleResult {
    let cases: [ScaleCase]
    /// Of each case, by round.
    let figures: [[[String: Double]]]

    var reportCases: [BenchmarkReport.Case] {
        zip(cases, figures).map {
            .init(settings: $0.settings, repetitions: $1, note: IngestFigures.nearestLimit($1))
        }
    }

    private func rates(_ index: Int) -> [Double] { figures[index].compactMap { $0["attemptsPerSecond"] } }

    /// Every repetition with nothing known before.
    private var points: [ScalabilityLaw.Point] {
        cases.indices.filter { cases[$0].known == 0 }.flatMap { index in
            rates(index).map { .init(load: Double(cases[index].processors), throughput: $0) }
        }
    }

    var csv: String {
        "load,throughput\n" + points.map { "\(Int($0.load)),\($0.throughput)\n" }.joined()
    }

    private var law: ScalabilityLaw? { ScalabilityLaw(fitting: points) }

    var derived: [String: Double] {
        var derived: [String: Double] = [:]
        if let law {
            derived = ["uslLambda": law.lambda, "uslSigma": law.sigma, "uslKappa": law.kappa]
            derived["uslPeakLoad"] = law.peakLoad
        }
        for part in knownShares { derived["rateWith\(part.known)Known"] = part.share }
        return derived
    }

    /// Rates with so many known, as shares of the empty store's on as many processors.
    private var knownShares: [(known: Int, share: Double)] {
        cases.indices.compactMap { index in
            let empty = ScaleCase(processors: cases[index].processors, known: 0)
            guard cases[index].known > 0, let base = cases.firstIndex(of: empty),
                let whole = Sample(rates(base)), let part = Sample(rates(index))
            else { return nil }
            return (cases[index].known, part.median / whole.median)
        }
    }

    var notes: [String] {
        var notes = knownShares.map {
            "with \(Figures.grouped($0.known)) known: \(Figures.decimal($0.share * 100, places: 1)) % of the empty store's rate"
        }
        if let law, let load = points.map(\.load).max() {
            notes.append(
                "Universal Scalability Law: lambda \(Figures.short(law.lambda))/s, "
                    + "sigma \(Figures.decimal(law.sigma, places: 4)), kappa \(Figures.decimal(law.kappa, places: 6)); "
                    + "\(Int(load)) processors bring "
                    + "\(Figures.decimal(law.throughput(at: load) / law.throughput(at: 1), places: 2)) times one")
        }
        return notes
    }
}
