public import SpillwayModel

/// How the columns of a recording are found, and what becomes of rows that cannot be read.
public struct RecordingOptions: Sendable {
    public var mapping = RecordingMapping()
    public var identities = IdentityForm.number
    public var onError = BadRowPolicy.stop

    public init() {}
}

/// What a recording's identity column holds.
public enum IdentityForm: Sendable {
    /// Whole numbers: E.164 numbers with or without a leading `+`, or any other id of 64 bits.
    case number
    /// Any text or number: its bytes as text are hashed under the key (``Identity/init(hashing:key:)``).
    case hash(SipKey)
}

/// What becomes of a row that cannot be read.
public enum BadRowPolicy: String, Sendable, CaseIterable {
    /// The first one ends the reading, with an error that names it.
    case stop
    /// Bad rows are left out, counted, and the first of them kept: ``Trace/rejectedRows``.
    case skip
}

extension RecordingOptions {
    /// Has a fingerprint cover what changes the attempts that are read, of which a resumed replay has to be sure. What
    /// becomes of bad rows does not: those before one are the same.
    func combine(into fingerprint: inout RecordingFingerprint) {
        var text = mapping.description
        if case .hash(let key) = identities {
            text += " \(Identity(hashing: "identity", key: key).rawValue)"
        }
        text.withUTF8 { fingerprint.combine(UnsafeRawBufferPointer($0)) }
    }
}
