internal import SpillwayModel

/// Reads times out of text. Remembers the day of the time before, as the next is mostly of the same.
struct TimestampText {
    /// The ten bytes of that day.
    private var day: (head: UInt64, tail: UInt16) = (0, 0)
    private var midnightUs: Int64?

    /// What ``time(_:)`` takes, for messages.
    static let examples =
        "2021-10-04T15:40:00.25Z, 2021-10-04 15:40:00+02 or 1633362000 (s, ms, µs or ns since 1970)"

    /// RFC 3339 and what exports make of it: a space for the T, no seconds, an offset without minutes or colon, `UTC`
    /// behind a space, or no offset, which is UTC; a day alone. Digits beyond microseconds are cut. Or an integer since
    /// 1970, whose number of digits shows its unit, from September 2001 to November 2286. Nil for anything else.
    @inline(__always)
    mutating func time(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard text.count >= 10 else { return nil }
        let head = text.loadUnaligned(as: UInt64.self)
        let tail = text.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
        if midnightUs == nil || head != day.head || tail != day.tail {
            if text.allSatisfy({ Self.digit($0) != nil }) { return Self.epoch(text) }
            midnightUs = Self.midnightUs(text)
            day = (head, tail)
        }
        guard let midnightUs else { return nil }
        if text.count == 10 { return Timestamp(rawValue: midnightUs) }
        guard let us = Self.microsecondsOfDay(text) else { return nil }
        return Timestamp(rawValue: midnightUs + us)
    }

    /// Of the day that a text begins with.
    @inline(never)
    private static func midnightUs(_ text: UnsafeRawBufferPointer) -> Int64? {
        let (century, yearOfCentury) = (twoDigits(text, 0), twoDigits(text, 2))
        let (month, day) = (twoDigits(text, 5), twoDigits(text, 8))
        guard century < 100, yearOfCentury < 100, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-")
        else { return nil }
        return Timestamp(year: century * 100 + yearOfCentury, month: month, day: day)?.rawValue
    }

    /// Since midnight UTC: less than 0 or more than a day if the offset makes it so.
    @inline(__always)
    private static func microsecondsOfDay(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 16 else { return nil }
        let separator = text[10]
        guard separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ") || separator == UInt8(ascii: "t")
        else { return nil }
        var us: Int64
        var index: Int
        if text.count >= 19, text[16] == UInt8(ascii: ":") {
            guard let seconds = secondsOfDay(text.loadUnaligned(fromByteOffset: 11, as: UInt64.self)) else {
                return nil
            }
            us = seconds * 1_000_000
            index = 19
            if index < text.count, text[index] == UInt8(ascii: ".") {
                let point = index
                var unitUs: Int64 = 100_000
                index += 1
                while index < text.count, let digit = digit(text[index]) {
                    us += Int64(digit) * unitUs
                    unitUs /= 10
                    index += 1
                }
                guard index > point + 1 else { return nil }
            }
        } else {
            let (hour, minute) = (twoDigits(text, 11), twoDigits(text, 14))
            guard hour < 24, minute < 60, text[13] == UInt8(ascii: ":") else { return nil }
            us = Int64(hour * 60 + minute) * 60_000_000
            index = 16
        }
        let isUTC = index == text.count || index == text.count - 1 && text[index] == UInt8(ascii: "Z")
        if isUTC { return us }
        guard let minutes = offsetMinutes(UnsafeRawBufferPointer(rebasing: text[index...])) else { return nil }
        return us - Int64(minutes) * 60_000_000
    }

    /// Of the eight bytes `15:40:00`.
    @inline(__always)
    private static func secondsOfDay(_ bytes: UInt64) -> Int64? {
        // What is left are digits' values and, for the colons, zeros.
        let word = UInt64(littleEndian: bytes) ^ 0x3030_3a30_303a_3030
        let isOver9 = (word &+ 0x7676_7f76_767f_7676) | word
        guard isOver9 & 0x8080_8080_8080_8080 == 0 else { return nil }
        let tens = Int64(truncatingIfNeeded: word)
        let hour = (tens & 15) * 10 + (tens >> 8 & 15)
        let minute = (tens >> 24 & 15) * 10 + (tens >> 32 & 15)
        let second = (tens >> 48 & 15) * 10 + (tens >> 56 & 15)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return (hour * 60 + minute) * 60 + second
    }

    /// Of `z`, `+02`, `+0200`, `+02:00`, with or without a space before, and of ` UTC`.
    @inline(never)
    private static func offsetMinutes(_ text: UnsafeRawBufferPointer) -> Int? {
        if text.elementsEqual("z".utf8) || text.elementsEqual(" UTC".utf8) { return 0 }
        let zone = text.first == UInt8(ascii: " ") ? UnsafeRawBufferPointer(rebasing: text[1...]) : text
        guard zone.count >= 3, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-") else { return nil }
        let hours = twoDigits(zone, 1)
        let minutes: Int
        switch zone.count {
        case 3: minutes = 0
        case 5: minutes = twoDigits(zone, 3)
        case 6 where zone[3] == UInt8(ascii: ":"): minutes = twoDigits(zone, 4)
        default: return nil
        }
        guard hours < 24, minutes < 60 else { return nil }
        return (zone[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    /// The numbers of digits are three apart, and so are the units: each names the same years.
    @inline(never)
    private static func epoch(_ digits: UnsafeRawBufferPointer) -> Timestamp? {
        guard digits.count <= 19, digits.first != UInt8(ascii: "0") else { return nil }
        let number = digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        switch digits.count {
        case 10: return Timestamp(rawValue: Int64(number) * 1_000_000)
        case 13: return Timestamp(rawValue: Int64(number) * 1000)
        case 16: return Timestamp(rawValue: Int64(number))
        case 19: return Timestamp(rawValue: Int64(number / 1000))
        default: return nil
        }
    }

    /// Over 99 if they are not digits.
    @inline(__always)
    private static func twoDigits(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int {
        guard let tens = digit(text[index]), let ones = digit(text[index + 1]) else { return 100 }
        return Int(tens) * 10 + Int(ones)
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }
}
