import SpillwayPlatform

/// A short name out of a small set: the platform a person signed up on, the source that brought them.
///
/// Labels are interned for the life of the process, so that a column of them is two bytes a row and comparing
/// two is comparing integers. A process holds at most ``maximumCount`` labels of at most ``maximumByteCount``
/// UTF-8 bytes each.
public struct Label: Hashable, Sendable {
    /// Index into the process-wide table. Differs between processes: never persisted.
    @usableFromInline package var code: UInt16

    @inlinable
    package init(code: UInt16) {
        self.code = code
    }

    /// How many labels a process can hold.
    @inlinable public static var maximumCount: Int { 4095 }
    /// The longest label, in UTF-8 bytes.
    public static let maximumByteCount = 255

    /// A label that no name has: an attempt that carries it is refused (``Refusal/Reason/invalidLabel``).
    @inlinable public static var invalid: Label { Label(code: UInt16(maximumCount)) }

    /// The label of `name`. Nil if the name is empty or too long, or the process holds ``maximumCount`` others.
    /// Canonically equivalent spellings are one label, under the spelling that came first.
    ///
    /// - Complexity: O(length), under a lock: intern once and keep the label, not once a row.
    public init?(_ name: String) {
        guard let code = LabelTable.shared.code(of: name) else { return nil }
        self.code = code
    }

    /// The name, empty for ``invalid``.
    public var name: String { LabelTable.shared.name(of: code) }

    /// The names of all labels interned so far, indexed by code.
    package static var names: [String] { LabelTable.shared.names }
}

/// A literal that cannot be a label traps, also as `Label("…")`: Swift takes a literal there for the label itself.
extension Label: ExpressibleByStringLiteral {
    public init(stringLiteral name: String) {
        guard let label = Label(name) else {
            preconditionFailure("'\(name)' cannot be a label: see Label.init")
        }
        self = label
    }
}

extension Label: CustomStringConvertible {
    public var description: String { name }
}

final class LabelTable: Sendable {
    static let shared = LabelTable()

    private struct State {
        var names: [String] = []
        var codes: [String: UInt16] = [:]
    }
    private let state = Monitor(State())

    var names: [String] { state.withLock { $0.names } }

    func code(of name: String) -> UInt16? {
        guard !name.isEmpty, name.utf8.count <= Label.maximumByteCount else { return nil }
        return state.withLock { state in
            if let code = state.codes[name] { return code }
            guard state.names.count < Label.maximumCount else { return nil }
            let code = UInt16(state.names.count)
            state.names.append(name)
            state.codes[name] = code
            return code
        }
    }

    func name(of code: UInt16) -> String {
        state.withLock { Int(code) < $0.names.count ? $0.names[Int(code)] : "" }
    }
}
