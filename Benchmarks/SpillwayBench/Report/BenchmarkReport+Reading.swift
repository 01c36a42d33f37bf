import Foundation

extension BenchmarkReport {
    /// - Throws: ``BenchmarkError``: the file cannot be read, or is no report of this schema.
    init(contentsOf path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw BenchmarkError.failedFile(path: path, problem: "cannot be read: \(error.localizedDescription)")
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            throw BenchmarkError.badInput(path: path, problem: "not a report: give what a command wrote with --output")
        }
        guard head.schema == Self.currentSchema else {
            throw BenchmarkError.badInput(
                path: path,
                problem: """
                    a report of schema \(head.schema), and this program reads \(Self.currentSchema): measure again with it
                    """)
        }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw BenchmarkError.badInput(path: path, problem: "not a whole report: \(Self.problem(error))")
        }
    }

    /// What every schema has.
    private struct Head: Decodable {
        var schema: Int
        var command: String
    }

    private static func problem(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
        default: "\(error)"
        }
    }
}
