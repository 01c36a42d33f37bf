extension Identity {
    /// As ``init(hashing:key:)`` of the text that the bytes are in UTF-8, without making a string of them.
    package init(hashingUTF8 bytes: UnsafeRawBufferPointer, key: SipKey) {
        self.init(rawValue: key.hash(bytes))
    }
}
