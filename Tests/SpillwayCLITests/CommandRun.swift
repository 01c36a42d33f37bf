import Foundation
import Testing

/// One run of the program that this package builds, to its end.
struct CommandRun {
    let status: Int32
    let output: String
    let errors: String

    init(_ arguments: String...) throws { try self.init(arguments) }

    /// - Parameter onErrorLine: Called with each line on standard error as it comes, and the program's process.
    init(
        _ arguments: [String], onErrorLine: @escaping @Sendable (String, pid_t) -> Void = { _, _ in }
    ) throws {
        let directory = Bundle.main.executableURL?.deletingLastPathComponent()
        let process = Process()
        process.executableURL = try #require(directory).appendingPathComponent("spillway")
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both pipes are smaller than what they could be sent, so one is read while the other fills.
        let reader = PipeReader(errors) { [id = process.processIdentifier] line in onErrorLine(line, id) }
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.errors = reader.text()
        process.waitUntilExit()
        status = process.terminationStatus
    }

    /// The output as JSON; fails the test if it is not.
    func json<Value>(_: Value.Type = Value.self) throws -> Value {
        try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? Value, "\(output) \(errors)")
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class PipeReader: @unchecked Sendable {
    // Unchecked: `data` is written before the semaphore is signalled, and read after.
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ pipe: Pipe, onLine: @escaping @Sendable (String) -> Void) {
        Thread.detachNewThread { [self] in
            var line = Data()
            while case let part = pipe.fileHandleForReading.availableData, !part.isEmpty {
                data += part
                for byte in part {
                    if byte != UInt8(ascii: "\n") {
                        line.append(byte)
                        continue
                    }
                    onLine(String(decoding: line, as: UTF8.self))
                    line.removeAll()
                }
            }
            done.signal()
        }
    }

    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}

/// A scenario of the repository.
let calmDay = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../traces/norm.yaml").standardizedFileURL.path
