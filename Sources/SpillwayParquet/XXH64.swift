/// XXH64 with seed 0 of the 8 little-endian bytes of `value`
/// (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, "XXH64 algorithm description"): an input too short
/// for stripes is one lane and the avalanche.
@inline(__always)
func xxh64(_ value: UInt64) -> UInt64 {
    let (prime1, prime2): (UInt64, UInt64) = (0x9e37_79b1_85eb_ca87, 0xc2b2_ae3d_27d4_eb4f)
    let (prime3, prime4): (UInt64, UInt64) = (0x1656_67b1_9e37_79f9, 0x85eb_ca77_c2b2_ae63)
    let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    let lane = (value &* prime2).rotated(left: 31) &* prime1
    var hash = ((prime5 &+ 8) ^ lane).rotated(left: 27) &* prime1 &+ prime4
    hash = (hash ^ hash &>> 33) &* prime2
    hash = (hash ^ hash &>> 29) &* prime3
    return hash ^ hash &>> 32
}

extension UInt64 {
    @inline(__always)
    fileprivate func rotated(left count: UInt64) -> UInt64 {
        self &<< count | self &>> (64 - count)
    }
}
