import SpillwayModel

/// What a registration has beside its time and its identity, in one word, so that a row in memory is three
/// 8-byte columns and putting rows in order moves three words each.
///
/// From the lowest bit: latency 31, source 12, platform 12, country 8; the top bit is 0.
@usableFromInline package struct PackedAttributes: Hashable, Sendable {
    @usableFromInline package let rawValue: UInt64

    @usableFromInline static let sourceShift: UInt64 = 31
    @usableFromInline static let platformShift: UInt64 = 43
    @usableFromInline static let countryShift: UInt64 = 55

    /// - Precondition: the country and labels are valid and the latency is not negative.
    @inlinable @inline(__always)
    package init(country: Country, platform: Label, source: Label, latencyUs: Int32) {
        rawValue =
            UInt64(country.index) << 55 | UInt64(platform.code) << 43 | UInt64(source.code) << 31
            | UInt64(UInt32(bitPattern: latencyUs))
    }

    @inlinable
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable @inline(__always) package var country: Country {
        Country(index: UInt8(truncatingIfNeeded: rawValue >> 55))
    }
    @inlinable @inline(__always) package var platform: Label {
        Label(code: UInt16(truncatingIfNeeded: rawValue >> 43 & 0xfff))
    }
    @inlinable @inline(__always) package var source: Label {
        Label(code: UInt16(truncatingIfNeeded: rawValue >> 31 & 0xfff))
    }
    @inlinable @inline(__always) package var latencyUs: Int32 { Int32(truncatingIfNeeded: rawValue & 0x7fff_ffff) }
}
