/// The program, run to its end.
enum Program {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    static func run(_ arguments: [String]) throws -> Result {
        let child = try ChildProcess(arguments)
        var errors = ""
        while let line = child.nextErrorLine() { errors += line + "\n" }
        let output = child.readOutput()
        guard case .exited(let status) = child.wait() else {
            throw CrashFinding("spillway \(arguments.joined(separator: " ")) died: \(errors)")
        }
        return Result(status: status, output: output, errors: errors)
    }
}
