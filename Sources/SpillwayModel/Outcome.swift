/// What became of one attempt.
public enum Outcome: Hashable, Sendable {
    /// New: stored, under the durability that the acknowledgement names.
    case accepted
    /// The identity was already registered; nothing was stored.
    case duplicate
    /// Not stored, and not known: the reason says whether a retry can help.
    case refused(Refusal)
}

/// Why an attempt was not taken.
public struct Refusal: Hashable, Sendable {
    public enum Reason: UInt8, CaseIterable, Sendable {
        case unknownCountry
        case timestampOutOfRange
        case latencyOutOfRange
        case invalidLabel
        case memoryFull
        case shuttingDown
        case storageFull
    }

    /// What the refusal speaks of.
    public enum Scope: Hashable, Sendable {
        /// This attempt alone; its neighbours are judged by themselves.
        case attempt
        /// Any new identity, from anyone.
        case engine
    }

    /// Whether sending the same attempt again can help.
    public enum Retry: Hashable, Sendable {
        /// It will be refused again: correct it first.
        case never
        /// Not before this time has passed.
        case after(Duration)
        /// Once the store is opened again, or opened with more memory.
        case afterReopening
    }

    public var reason: Reason

    public init(_ reason: Reason) { self.reason = reason }

    public var scope: Scope {
        switch reason {
        case .unknownCountry, .timestampOutOfRange, .latencyOutOfRange, .invalidLabel: .attempt
        case .memoryFull, .shuttingDown, .storageFull: .engine
        }
    }

    public var retry: Retry {
        switch reason {
        case .unknownCountry, .timestampOutOfRange, .latencyOutOfRange, .invalidLabel: .never
        case .memoryFull, .shuttingDown: .afterReopening
        case .storageFull: .after(.seconds(1))
        }
    }
}

extension Refusal: CustomStringConvertible {
    public var description: String {
        switch reason {
        case .unknownCountry: "the country is not in ISO 3166-1"
        case .timestampOutOfRange: "the time of registration is out of the range that the engine takes"
        case .latencyOutOfRange: "the latency is not within 0 … 2147483647 µs"
        case .invalidLabel: "the platform or the source is not a valid label"
        case .memoryFull: "the memory budget is used up, so no new identity can be remembered"
        case .shuttingDown: "the engine is closing"
        case .storageFull: "there is no room on the disk, or no file can be opened"
        }
    }
}

/// An outcome in one byte, as batches keep them: 0 accepted, 1 duplicate, 2 + the refusal's reason.
@usableFromInline package struct OutcomeCode: RawRepresentable, Hashable, Sendable {
    @usableFromInline package var rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable @inline(__always) package static var accepted: OutcomeCode { OutcomeCode(rawValue: 0) }
    @inlinable @inline(__always) package static var duplicate: OutcomeCode { OutcomeCode(rawValue: 1) }

    @inlinable @inline(__always) package var isAccepted: Bool { rawValue == 0 }

    @inlinable
    package static func refused(_ reason: Refusal.Reason) -> OutcomeCode {
        OutcomeCode(rawValue: 2 + reason.rawValue)
    }

    package var outcome: Outcome {
        switch rawValue {
        case 0: return .accepted
        case 1: return .duplicate
        default:
            guard let reason = Refusal.Reason(rawValue: rawValue - 2) else {
                preconditionFailure("no outcome has the code \(rawValue)")
            }
            return .refused(Refusal(reason))
        }
    }
}
