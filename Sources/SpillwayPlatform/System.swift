/// Everything that a writer asks of the operating system: files, time and chance. One implementation calls it
/// (``PosixSystem``); a simulation that puts another in its place replays exactly.
package protocol System: FileSystem {
    /// Microseconds on a clock that only goes forward; for intervals.
    func monotonicUs() -> Int64
    /// Milliseconds since 1970 on a clock that may jump; for records that people read, never for decisions.
    func wallMs() -> Int64
    /// 64 random bits that nobody outside can foresee.
    func randomWord() -> UInt64
}
