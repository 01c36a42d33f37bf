internal import SpillwayModel

/// Makes values out of text, as recordings of any format may have it. Nil for what is none.
struct RecordingText {
    private var values = CSVRecordingValues()

    /// What ``time(_:)`` takes, for messages.
    static let timeForms = "a time such as \(TimestampText.examples)"

    mutating func time(_ text: UnsafeRawBufferPointer) -> Timestamp? { values.time(text) }

    /// 64 bits as an unsigned decimal number, with a `+` if it likes, or a negative one for the same bits in two's
    /// complement.
    func identity(_ text: UnsafeRawBufferPointer) -> Identity? {
        values.identity(text)
    }

    /// A hash of the text under a key. Nil of no text, which names nobody, and of what is not UTF-8.
    func identity(hashing text: UnsafeRawBufferPointer, key: SipKey) -> Identity? {
        guard !text.isEmpty, let string = String(validating: text, as: UTF8.self) else { return nil }
        return Identity(hashing: string, key: key)
    }

    /// Any integer; −1 for those out of range, as ``RegistrationBatch`` has them.
    func latencyUs(_ text: UnsafeRawBufferPointer) -> Int32? { values.latencyUs(text) }

    /// ``Country/unknown`` for whatever is no country.
    func country(_ text: UnsafeRawBufferPointer) -> Country { values.country(text) }

    /// ``Label/invalid`` for what cannot be a label; nil for what is not UTF-8.
    func label(_ text: UnsafeRawBufferPointer) -> Label? {
        String(validating: text, as: UTF8.self).map { Label($0) ?? .invalid }
    }
}
