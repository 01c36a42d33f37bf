import SpillwayModel

extension RegistrationBatch {
    /// Replaces what this holds by `rows` of another, in the memory that is there.
    mutating func assign(_ other: RegistrationBatch, _ rows: Range<Int>) {
        removeAll()
        registeredAt += other.registeredAt[rows]
        identity += other.identity[rows]
        country += other.country[rows]
        platform += other.platform[rows]
        source += other.source[rows]
        latencyUs += other.latencyUs[rows]
    }
}
