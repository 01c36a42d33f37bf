import Logging
import SpillwayPlatform

extension Logger {
    /// What a person should know beside the results, on standard error.
    static let notices = Logger(label: "spillway") { _ in NoticeHandler() }
}

/// Writes messages as the program's error messages are: `spillway: warning: …`.
private struct NoticeHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        try? Terminal.write("spillway: \(event.level): \(event.message)\n", to: .error)
    }
}
