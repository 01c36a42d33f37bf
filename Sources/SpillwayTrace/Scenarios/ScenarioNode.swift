internal import SpillwayModel
internal import Yams

/// A value in a scenario file, with what an error says about where it is.
struct ScenarioNode {
    let file: String
    /// The path of keys from the top.
    let key: String
    let line: Int
    let node: Node

    /// Aliases and keys that are more than a name: Yams hashes keys as often as they are nested and repeated, so that
    /// a short text with many of them would be read for ever.
    private static let maximumRepetitions = 16

    /// The document in `text`.
    static func document(_ text: String, file: String) throws(ScenarioError) -> ScenarioNode {
        guard repetitions(in: text) <= maximumRepetitions else {
            throw ScenarioError(
                file: file, line: 1, key: "",
                problem: "found over \(maximumRepetitions) of '*' before a name or '?' before a space; write out "
                    + "what the aliases stand for, and keys as plain names")
        }
        let node: Node?
        do {
            // Yams keeps a pointer to the bytes, which those of Swift's shortest strings, up to 15, do not outlive.
            node = try Yams.compose(yaml: text.utf8.count < 16 ? text + String(repeating: "\n", count: 16) : text)
        } catch {
            throw ScenarioError(yaml: error, file: file)
        }
        guard let node else {
            throw ScenarioError(file: file, line: 1, key: "", problem: "found nothing; a scenario is wanted")
        }
        return ScenarioNode(file: file, key: "", line: 1, node: node)
    }

    /// No fewer than the aliases (`*name`) and explicit keys (`? key`) that there are.
    private static func repetitions(in text: String) -> Int {
        let spaces: [UInt8] = [9, 10, 13, 32]
        return zip(text.utf8, Array(text.utf8.dropFirst()) + [10]).count { byte, next in
            byte == UInt8(ascii: "*") && !spaces.contains(next) || byte == UInt8(ascii: "?") && spaces.contains(next)
        }
    }

    var isScalar: Bool { if case .scalar = node { true } else { false } }

    func error(_ problem: String) -> ScenarioError {
        ScenarioError(file: file, line: line, key: key, problem: problem)
    }

    func error(allowed: String) -> ScenarioError {
        error("found \(found); \(allowed)")
    }

    /// The value, shortened, as an error quotes it.
    private var found: String {
        switch node {
        case .scalar(let scalar):
            if scalar.string.isEmpty { return "nothing" }
            return scalar.string.count > 40 ? "'\(scalar.string.prefix(40))…'" : "'\(scalar.string)'"
        case .mapping: return "a mapping"
        case .sequence(let sequence): return "a list of \(sequence.count)"
        case .alias: return "an alias"
        }
    }

    /// The value as a mapping whose keys are all among `allowed`; nil allows any.
    func mapping(allowed: [String]?) throws(ScenarioError) -> ScenarioMapping {
        guard case .mapping(let mapping) = node else {
            throw error(allowed: "a mapping of keys to values is wanted")
        }
        var entries: [(name: String, value: ScenarioNode)] = []
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line ?? line
            let name = keyNode.scalar?.string ?? ""
            let path = key.isEmpty ? name : "\(key).\(name)"
            if let allowed, !allowed.contains(name) {
                let near = nearest(to: name, among: allowed)
                let keys = allowed.joined(separator: ", ")
                throw ScenarioError(
                    file: file, line: line, key: path,
                    problem: near.map { "no such key; did you mean '\($0)'?" }
                        ?? "no such key; there are \(keys)")
            }
            entries.append((name, ScenarioNode(file: file, key: path, line: line, node: value)))
        }
        return ScenarioMapping(node: self, entries: entries)
    }

    func sequence(of count: ClosedRange<Int>, allowed: String) throws(ScenarioError) -> [ScenarioNode] {
        guard case .sequence(let sequence) = node, count.contains(sequence.count) else {
            throw error(allowed: allowed)
        }
        return sequence.enumerated().map { index, element in
            ScenarioNode(
                file: file, key: "\(key)[\(index)]", line: element.mark?.line ?? line, node: element)
        }
    }
}

/// A mapping in a scenario file.
struct ScenarioMapping {
    let node: ScenarioNode
    let entries: [(name: String, value: ScenarioNode)]

    func optional(_ name: String) -> ScenarioNode? {
        entries.first { $0.name == name }?.value
    }

    func required(_ name: String) throws(ScenarioError) -> ScenarioNode {
        guard let value = optional(name) else { throw node.error("the key '\(name)' is missing") }
        return value
    }
}

extension ScenarioError {
    fileprivate init(yaml error: any Error, file: String) {
        var line = 1
        var problem = "\(error)"
        switch error as? YamlError {
        case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _),
            .composer(_, let text, let mark, _):
            line = mark.line
            problem = "not valid YAML: \(text)"
        case .duplicatedKeysInMapping(let names, let context):
            line = context.mark.line
            problem =
                "found the key '\(names.first ?? "")' twice in the mapping that begins here; once is allowed"
        case .reader(let text, _, _, _):
            problem = "not valid YAML: \(text)"
        default: break
        }
        self.init(file: file, line: line, key: "", problem: problem)
    }
}

/// The candidate that takes the fewest edits to become, if it is few; for a hint after a slip of the keyboard.
func nearest(to name: String, among candidates: [String]) -> String? {
    let best = candidates.map { ($0, editDistance($0, name)) }.min { $0.1 < $1.1 }
    guard let best, best.1 <= max(2, name.count / 3) else { return nil }
    return best.0
}

/// Insertions, deletions and replacements that lead from one to the other, upper and lower case alike
/// (Levenshtein).
private func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased().prefix(64)), Array(b.lowercased().prefix(64)))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
