import ArgumentParser

/// A time that something takes, in seconds: more than none.
struct Seconds: ExpressibleByArgument, CustomStringConvertible {
    let value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = Double(argument), value > 0, value.isFinite else { return nil }
        self.value = value
    }

    var description: String { "\(value)" }
    var defaultValueDescription: String { description }
}
