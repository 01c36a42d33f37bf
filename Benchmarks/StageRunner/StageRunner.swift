import SpillwayStages

/// Runs one stage under an instrument that counts its instructions: `spillway-stages` names the stages, `spillway-stages
/// NAME ROWS` runs one and prints its unit and how many of it a run goes through.
@main
struct StageRunner {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else {
            for stage in Stage.all { print(stage.name) }
            return
        }
        guard let stage = Stage.all.first(where: { $0.name == name }), let rows = arguments.last.flatMap({ Int($0) }),
            rows > 0
        else { throw UsageError() }
        let work = try stage.prepare(rows: rows)
        // What is made once for a process and kept is no part of a stage's cost.
        try work.reset()
        try work.run()
        try work.reset()
        try countedRun(work)
        print(stage.unit.rawValue, work.unitCount)
    }
}

/// The instrument counts from entry to exit, by this name.
@inline(never)
func countedRun(_ work: any StageWork) throws { try work.run() }

struct UsageError: Error, CustomStringConvertible {
    var description: String { "give a stage's name and a number of rows, or nothing for a list of stages" }
}
