import Foundation

/// The other implementations, in the virtual environment that scripts/python-env makes.
enum Python {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// Where a script of Tests/Interop is.
    static func script(_ name: String) -> String { root.appending(path: "Tests/Interop/\(name)").path }

    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let python = root.appending(path: ".venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            return (1, "the other readers are not installed: run scripts/python-env, or make test")
        }
        let process = Process()
        process.executableURL = python
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
