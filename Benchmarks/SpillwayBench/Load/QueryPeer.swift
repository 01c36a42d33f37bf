import Foundation

/// Another engine that answers questions about a store's Parquet files, in a process of its own, two threads, everything
/// open: Benchmarks/peers/ask.
final class QueryPeer {
    /// What can be asked of it, with names for people.
    static let all = [
        ("duckdb", "DuckDB"), ("clickhouse", "ClickHouse"), ("polars", "Polars"), ("duckdb-table", "DuckDB, own table"),
        ("clickhouse-table", "ClickHouse, own table"),
    ]

    struct Answer: Decodable {
        /// Until the result lay in memory.
        var milliseconds: Double
        var rows: Int
        /// That the result counts.
        var registrations: Int
    }

    private struct Ready: Decodable { var version: String }
    private struct Failure: Decodable { var problem: String }

    let title: String
    private(set) var version: String
    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    /// Read and not yet a whole line.
    private var rest: [UInt8] = []

    /// Starts it, and waits until it is ready: one that keeps a table of its own fills it now.
    init(_ name: String, title: String, files: [String]) throws {
        self.title = title
        process.executableURL = URL(filePath: Self.program)
        process.arguments = [name] + files
        process.standardInput = questions
        process.standardOutput = answers
        do {
            try process.run()
        } catch {
            throw BenchmarkError.failed("\(Self.program) cannot be run: ask for --peers in the project's directory")
        }
        version = ""
        version = try receive(Ready.self).version
    }

    deinit { process.terminate() }

    private static let program = "Benchmarks/peers/ask"

    func answer(_ question: [String: Any]) throws -> Answer {
        let line = try JSONSerialization.data(withJSONObject: question) + Data("\n".utf8)
        try questions.fileHandleForWriting.write(contentsOf: line)
        return try receive(Answer.self)
    }

    private func receive<Message: Decodable>(_ type: Message.Type) throws -> Message {
        let line = Data(try readLine())
        if let failure = try? JSONDecoder().decode(Failure.self, from: line) {
            throw BenchmarkError.failed("\(title): \(failure.problem)")
        }
        return try JSONDecoder().decode(type, from: line)
    }

    private func readLine() throws -> [UInt8] {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest.removeFirst(end + 1) }
                return Array(rest[..<end])
            }
            let read = answers.fileHandleForReading.availableData
            guard !read.isEmpty else { throw BenchmarkError.failed("\(title) ended: see above") }
            rest += read
        }
    }
}
