import Testing

@testable import SpillwayModel

/// The vectors of the reference implementation: key 00 01 … 0f, message 00 01 … of each length.
@Suite struct SipKeyTests {
    private let key = SipKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

    static let vectors: [(length: Int, hash: UInt64)] = [
        (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
        (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
        (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
        (9, 0x9e00_82df_0ba9_e4b0), (10, 0x7a5d_bbc5_94dd_b9f3), (11, 0xf4b3_2f46_226b_ada7),
        (12, 0x751e_8fbc_860e_e5fb), (13, 0x14ea_5627_c084_3d90), (14, 0xf723_ca90_8e7a_f2ee),
        (15, 0xa129_ca61_49be_45e5), (16, 0x3f2a_cc7f_57c2_9bdb), (31, 0x32d8_92fa_d841_c342),
        (32, 0x7127_512f_72f2_7cce), (63, 0x958a_324c_eb06_4572),
    ]

    @Test(arguments: vectors)
    func matchesTheReference(length: Int, hash: UInt64) {
        let message = (0..<length).map { UInt8($0) }
        #expect(key.hash(message) == hash)
    }

    @Test(arguments: vectors)
    func takesBytesThatAreNotContiguous(length: Int, hash: UInt64) {
        let backwards = (0..<length).map { UInt8($0) }.reversed() as [UInt8]
        #expect(key.hash(backwards.reversed() as ReversedCollection<[UInt8]>) == hash)
    }

    @Test(arguments: vectors)
    func takesBytesAtAnyAlignment(length: Int, hash: UInt64) {
        for shift in 1..<8 {
            let message = [UInt8](repeating: 0xff, count: shift) + (0..<length).map { UInt8($0) }
            #expect(key.hash(message[shift...]) == hash)
        }
    }

    @Test func randomKeysDiffer() {
        #expect(SipKey.random() != SipKey.random())
    }
}
