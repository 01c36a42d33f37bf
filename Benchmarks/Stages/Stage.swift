/// One step on a registration's way to disk, to be measured on its own. Counting instructions and taking times are
/// done by two programs; what they measure is this.
public struct Stage: Sendable {
    /// In lower case with hyphens; thresholds are kept under it.
    public let name: String
    /// What its cost is divided by.
    public let unit: StageUnit
    private let make: @Sendable (_ rows: Int) throws -> any StageWork

    init(
        _ name: String, per unit: StageUnit = .row, _ make: @escaping @Sendable (_ rows: Int) throws -> any StageWork
    ) {
        self.name = name
        self.unit = unit
        self.make = make
    }

    /// Makes the stage's input from so many attempts of a surge.
    public func prepare(rows: Int) throws -> any StageWork { try make(rows) }
}

public enum StageUnit: String, Sendable {
    case row
    case kibibyte = "KiB"
}

/// A stage with its input at hand. Call ``reset()`` before each ``run()``.
public protocol StageWork: AnyObject {
    /// Units that a run goes through.
    var unitCount: Int { get }

    /// Brings back what a run used up. Not part of what is measured.
    func reset() throws

    func run() throws
}

extension StageWork {
    public func reset() {}
}

/// A stage did not do what it is there to do, so that its cost means nothing.
struct StageError: Error, CustomStringConvertible {
    let description: String
}
