import SpillwayModel
import SpillwayTrace

extension Trace {
    /// Registrations among the first `limit` attempts, about; 0 for a recording, whose rows may be the same few
    /// identities again and again; a store has none twice.
    func expectedRegistrations(limit: Int?) -> Int {
        let total = expectedRegistrations
        guard let limit, limit < expectedAttempts else { return total }
        return Int((Double(total) * Double(limit) / Double(expectedAttempts)).rounded(.up))
    }

    private var expectedRegistrations: Int {
        switch self {
        case let window as TraceWindow: window.base.expectedRegistrations(limit: window.expectedAttempts)
        case let store as StoreTrace: store.expectedAttempts
        case let repeated as RepeatedTrace: repeated.base.expectedRegistrations * repeated.count
        default: registrationsByRegion?.values.reduce(0, +) ?? 0
        }
    }
}
