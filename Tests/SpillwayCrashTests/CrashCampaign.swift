import Foundation
import SpillwayPlatform
import SpillwayTestSupport

/// Kills replays, as many as it is told to, and checks every store that they leave.
struct CrashCampaign {
    /// `SPILLWAY_CRASH_KILLS`, 200 if it is not set.
    let kills: Int
    /// What chance starts from: `SPILLWAY_CRASH_SEED`, another one each time if it is not set. It repeats what is
    /// drawn, not how fast the machine is.
    let seed: UInt64

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        kills = try Self.number(environment, "SPILLWAY_CRASH_KILLS") ?? 200
        seed = try Self.number(environment, "SPILLWAY_CRASH_SEED") ?? UInt64.random(in: 0..<1 << 32)
    }

    private static func number<Value: FixedWidthInteger>(_ environment: [String: String], _ name: String) throws
        -> Value?
    {
        guard let text = environment[name] else { return nil }
        guard let value = Value(text), value > 0 else { throw CrashFinding("\(name) is '\(text)': give a number") }
        return value
    }

    /// - Throws: ``CrashFinding`` after the first store that is not as it should be; that one is kept.
    func run() throws -> CrashTally {
        let directory = TemporaryDirectory()
        let setups = try CrashSetup.all(in: directory)
        let references = try setups.map {
            try CrashStory.reference($0, path: directory.path("never killed, \($0.name)"))
        }
        var rhythms = setups.indices.map { CrashRhythm(seed: seed &+ UInt64($0)) }
        var tally = CrashTally()
        for number in 0... {
            let index = number % setups.count
            let path = directory.path("store-\(number)")
            var story = CrashStory(setups[index], path: path, reference: references[index])
            while !story.isComplete {
                if tally.kills == kills { return tally }
                do {
                    try story.advance(&rhythms[index], &tally)
                } catch {
                    let kept = Self.keep(path)
                    throw CrashFinding(
                        "after \(tally), seed \(seed), \(story.lastPiece): \(error); store kept in \(kept)")
                }
            }
            try FileManager.default.removeItem(atPath: path)
        }
        return tally
    }

    private static func keep(_ path: String) -> String {
        let kept = FileManager.default.temporaryDirectory.appending(path: "spillway-crash-\(UUID().uuidString)").path
        do {
            try FileManager.default.copyItem(atPath: path, toPath: kept)
            return kept
        } catch {
            return "no place: \(error)"
        }
    }
}
