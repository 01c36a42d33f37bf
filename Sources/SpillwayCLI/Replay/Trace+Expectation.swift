import SpillwayModel
import SpillwayTrace

extension Trace {
    /// Registrations among the first `limit` attempts, about; 0 for a recording, whose rows may be the same few
    /// identities again and again.
    func expectedRegistrations(limit: Int?) -> Int {
        guard let total = registrationsByRegion?.values.reduce(0, +) else { return 0 }
        guard let limit, limit < expectedAttempts else { return total }
        return Int((Double(total) * Double(limit) / Double(expectedAttempts)).rounded(.up))
    }
}
