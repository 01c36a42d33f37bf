import Foundation
import SpillwayStore

/// Where the kills fell, and what they left.
struct CrashTally: CustomStringConvertible {
    private(set) var kills = 0
    /// Before the first commit of the run; of these, in stores that an earlier kill had left something to recover in.
    private(set) var opening = 0
    private(set) var recovering = 0
    private(set) var working = 0
    /// After all that the run was sent for was acknowledged.
    private(set) var closing = 0
    private(set) var leftJournal = 0
    private(set) var leftOpenSegment = 0

    mutating func count(_ run: ReplayRun, recovering isRecovering: Bool, goal: Int, store: String) throws {
        kills += 1
        if let durable = run.durableAttempts {
            if durable >= goal { closing += 1 } else { working += 1 }
        } else {
            opening += 1
            if isRecovering { recovering += 1 }
        }
        let layout = StoreLayout(root: store)
        if try !Self.names(in: layout.journal).isEmpty { leftJournal += 1 }
        if try !Self.names(in: layout.open).isEmpty { leftOpenSegment += 1 }
    }

    /// Whether the kills fell everywhere.
    var isComplete: Bool {
        [recovering, working, closing, leftJournal, leftOpenSegment].allSatisfy { $0 > 0 }
    }

    var description: String {
        """
        \(kills) kills: \(opening) while opening (\(recovering) of them in recovery), \(working) while working, \
        \(closing) while closing; \(leftJournal) left a journal, \(leftOpenSegment) an open segment
        """
    }

    static func names(in directory: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory)
    }
}
