package import ArgumentParser
internal import SpillwayPlatform

extension ParsableCommand {
    /// Runs the command that the arguments name, tells a failure on standard error in one line that begins with
    /// the program's name, and exits.
    package static func runAsProgram() {
        let command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            // Help too: exits 0 for that, 64 for wrong usage.
            exit(withError: error)
        }
        do {
            var command = command
            try command.run()
        } catch {
            // The parser's own: help, or usage that only all options together show to be wrong.
            if exitCode(for: error) != .failure { exit(withError: error) }
            // A check's result, which is printed by now.
            if let code = error as? ExitCode { exit(withError: code) }
            // Nothing is left to do if the message cannot be written either.
            try? Terminal.write("\(configuration.commandName ?? Process.name): \(error)\n", to: .error)
            exit(withError: ExitStatus(error).code)
        }
    }
}
