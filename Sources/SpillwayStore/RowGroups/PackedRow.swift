import SpillwayModel

/// A registration in memory: 24 bytes, so that finding, moving and gathering a row touches one cache line, two at most.
@usableFromInline package struct PackedRow: Hashable, Sendable {
    /// Microseconds since 1970.
    @usableFromInline package var registeredAt: Int64
    @usableFromInline package var identity: UInt64
    @usableFromInline package var attributes: PackedAttributes

    @inlinable @inline(__always)
    package init(registeredAt: Int64, identity: UInt64, attributes: PackedAttributes) {
        self.registeredAt = registeredAt
        self.identity = identity
        self.attributes = attributes
    }
}
