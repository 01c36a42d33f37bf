/// Everything that a writer asks of the operating system: files, time, chance and who it is. One implementation calls it
/// (``PosixSystem``); a simulation that puts another in its place replays exactly.
package protocol System: FileSystem {
    /// Microseconds on a clock that only goes forward; for intervals.
    func monotonicUs() -> Int64
    /// Nanoseconds of processor time that the calling thread has used; for statistics, never for decisions.
    func threadProcessorNs() -> Int64
    /// Milliseconds since 1970 on a clock that may jump; for records that people read, never for decisions.
    func wallMs() -> Int64
    /// 64 random bits that nobody outside can foresee.
    func randomWord() -> UInt64
    /// What this process is called in what it leaves for others to read: its number and its program's name.
    var processName: String { get }
}

extension System {
    package var processName: String { "process \(Process.id) (\(Process.name))" }
}
