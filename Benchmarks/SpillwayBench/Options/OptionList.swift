import ArgumentParser

/// Values of an option to sweep over: `1,2,4`.
struct OptionList<Element: ExpressibleByArgument>: ExpressibleByArgument, ExpressibleByArrayLiteral {
    let values: [Element]

    /// Nil if there is none, or one of them is not such a value.
    init?(argument: String) {
        let parsed = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Element(argument: String($0)) }
        values = parsed.compactMap { $0 }
        guard !values.isEmpty, values.count == parsed.count else { return nil }
    }

    init(arrayLiteral elements: Element...) { values = elements }

    var defaultValueDescription: String { values.map(\.defaultValueDescription).joined(separator: ",") }
}
