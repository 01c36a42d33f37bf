import Testing

@testable import SpillwayModel

@Suite struct IdentityTests {
    @Test(arguments: [
        ("+5511912345678", 5_511_912_345_678), ("5511912345678", 5_511_912_345_678),
        ("+55 (11) 91234-5678", 5_511_912_345_678), ("+1.202.555.0123", 12_025_550_123),
        ("(44) 7911 123456", 447_911_123_456), ("1234567", 1_234_567),
        ("999999999999999", 999_999_999_999_999),
    ])
    func telephoneNumbers(text: String, number: UInt64) {
        #expect(Identity(e164: text)?.rawValue == number)
        #expect(Identity(e164: text[...])?.rawValue == number)
    }

    @Test(arguments: [
        "", "+", "123456", "+123456", "1234567890123456", "0551191234567", "+0551191234567",
        "++5511912345678",
        "5511+912345678", "55119123456a8", "5511/912345678", "551191234\u{0665}678", " +5511912345678",
        "5511912345678\n",
    ])
    func notTelephoneNumbers(text: String) {
        #expect(Identity(e164: text) == nil)
    }

    @Test func hashesUTF8UnderTheKey() {
        let key = SipKey(1, 2)
        let name = "zoë@example.org"
        #expect(Identity(hashing: name, key: key).rawValue == key.hash(Array(name.utf8)))
        #expect(Identity(hashing: "xx\(name)".dropFirst(2), key: key) == Identity(hashing: name, key: key))
        #expect(Identity(hashing: name, key: SipKey(1, 3)) != Identity(hashing: name, key: key))
        #expect(Identity(hashing: "zoe@example.org", key: key) != Identity(hashing: name, key: key))
    }
}
