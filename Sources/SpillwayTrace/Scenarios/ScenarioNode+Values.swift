internal import SpillwayModel
internal import Yams

/// Values that a scenario is made of, each with its own form in YAML.
extension ScenarioNode {
    func string() throws(ScenarioError) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            throw error(allowed: "text is wanted")
        }
        return scalar.string.trimmed
    }

    /// A list of texts.
    func strings() throws(ScenarioError) -> [String] {
        var texts: [String] = []
        for element in try sequence(of: 0...1000, allowed: "a list of texts is wanted") {
            texts.append(try element.string())
        }
        return texts
    }

    /// A whole number, digits set apart by `_` if at all: `70_000_000`.
    func count(in range: ClosedRange<Int>) throws(ScenarioError) -> Int {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound) is allowed"
        guard let text = plainText, let value = Int(text.filter { $0 != "_" }), range.contains(value)
        else { throw error(allowed: allowed) }
        return value
    }

    func number(in range: ClosedRange<Double>) throws(ScenarioError) -> Double {
        let allowed = "a number from \(range.lowerBound) to \(range.upperBound) is allowed"
        guard let text = plainText, let value = Double(text.filter { $0 != "_" }), range.contains(value)
        else { throw error(allowed: allowed) }
        return value
    }

    /// A part of a whole: `38%` or `0.38`.
    func share() throws(ScenarioError) -> Double {
        let allowed = "a share from 0% to 100% is allowed, or a number from 0 to 1"
        guard let text = plainText else { throw error(allowed: allowed) }
        let isPercent = text.hasSuffix("%")
        guard let value = Double(isPercent ? text.dropLast().description.trimmed : text),
            (0...(isPercent ? 100 : 1)).contains(value)
        else { throw error(allowed: allowed) }
        return isPercent ? value / 100 : value
    }

    /// A length of time in microseconds: `250ms`, `20m`, `6h30m`.
    func durationUs(in range: ClosedRange<Int64>) throws(ScenarioError) -> Int64 {
        guard let text = plainText, let value = microseconds(of: text), range.contains(value) else {
            let (low, high) = (spelled(us: range.lowerBound), spelled(us: range.upperBound))
            throw error(
                allowed: "a length of time such as 250ms, 90s or 6h30m, \(low) to \(high), is allowed")
        }
        return value
    }

    func timestamp() throws(ScenarioError) -> Timestamp {
        guard let text = plainText, let time = Timestamp(rfc3339: text) else {
            throw error(allowed: "a time such as 2021-10-04T15:40:00Z is allowed")
        }
        return time
    }

    /// A mapping of names to shares that add up to 1.
    func weightedLabels() throws(ScenarioError) -> [(label: Label, weight: Double)] {
        let entries = try mapping(allowed: nil).entries
        guard (1...WeightedLabels.maximumCount).contains(entries.count) else {
            throw error(allowed: "1 to \(WeightedLabels.maximumCount) names with their shares are allowed")
        }
        var labels: [(label: Label, weight: Double)] = []
        for (name, value) in entries {
            guard let label = Label(name) else {
                throw value.error(
                    "found the name '\(name)'; 1 to \(Label.maximumByteCount) bytes are allowed")
            }
            labels.append((label, try value.share()))
        }
        try checkSum(labels.map(\.weight))
        return labels
    }

    /// Throws unless the shares add up to 1.
    func checkSum(_ shares: [Double]) throws(ScenarioError) {
        let sum = shares.reduce(0, +)
        guard abs(sum - 1) < 1e-6 else {
            let percent = (sum * 1_000_000).rounded() / 10_000
            let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
            throw error("found shares that add up to \(text)%; they must add up to 100%")
        }
    }

    private var plainText: String? {
        if case .scalar(let scalar) = node { scalar.string.trimmed } else { nil }
    }
}

/// From the longest down.
private let units: [(name: String, us: Int64)] = [
    ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1),
]

/// `1d`, `6h30m`, `1.5s`: numbers with units, each unit once, from the longest down. Nil for anything else.
func microseconds(of text: String) -> Int64? {
    var rest = text[...]
    var total = 0.0
    var unitsLeft = units[...]
    repeat {
        let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        rest.removeFirst(digits.count)
        let name = rest.prefix { $0.isASCII && $0.isLetter }
        rest.removeFirst(name.count)
        guard let value = Double(digits), let index = unitsLeft.firstIndex(where: { $0.name == name })
        else { return nil }
        total += value * Double(unitsLeft[index].us)
        unitsLeft = unitsLeft[(index + 1)...]
    } while !rest.isEmpty
    return Int64(exactly: total.rounded())
}

/// The inverse of ``microseconds(of:)``.
func spelled(us: Int64) -> String {
    var rest = us
    var text = ""
    for unit in units where rest >= unit.us {
        text += "\(rest / unit.us)\(unit.name)"
        rest %= unit.us
    }
    return text.isEmpty ? "0s" : text
}

extension String {
    fileprivate var trimmed: String {
        let spaces: (Character) -> Bool = { $0.isWhitespace }
        let start = drop(while: spaces)
        return String(start.reversed().drop(while: spaces).reversed())
    }
}
