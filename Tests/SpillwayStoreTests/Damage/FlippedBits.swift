import Foundation
import SpillwayPlatform
import SpillwayTestSupport

/// The bits of a file that are flipped, one after the other: one of each byte, drawn from a seed, or all of them
/// (`make damage`).
struct FlippedBits: Sequence {
    private static let areAll = ProcessInfo.processInfo.environment["SPILLWAY_DAMAGE"] == "all"

    private let bits: [Int]

    init(of bytes: Range<Int>) {
        var random = SplitMix64(seed: 0x00b1_7f11_b5ee_d000)
        bits = bytes.flatMap { byte in
            Self.areAll ? (0..<8).map { byte * 8 + $0 } : [byte * 8 + Int.random(in: 0..<8, using: &random)]
        }
    }

    func makeIterator() -> IndexingIterator<[Int]> { bits.makeIterator() }

    /// Those bits whose flip `isNamed` does not find named, as text, and says how many were tried.
    func unnamed(_ file: String, _ isNamed: (_ bit: Int) throws -> Bool) rethrows -> [String] {
        if Self.areAll { print("flipping \(bits.count) bits of \(file)") }
        return try bits.filter { try !isNamed($0) }.map { "bit \($0 % 8) of byte \($0 / 8)" }
    }
}
