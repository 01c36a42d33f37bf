import Foundation

/// Memory of this process, as proc_pid_status(5) has it.
enum ResidentMemory {
    static var currentBytes: Int { bytes(of: "VmRSS:") }

    /// The most at once since the process began, or since ``resetPeak()``.
    static var peakBytes: Int { bytes(of: "VmHWM:") }

    /// The peak becomes what is held now (proc_pid_clear_refs(5)). Where that is not allowed the peak stays, so that
    /// figures are too large rather than too small.
    static func resetPeak() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
        try? file.close()
    }

    private static func bytes(of key: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        return (kibibytes ?? 0) << 10
    }
}
