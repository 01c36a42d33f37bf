import SpillwayPlatform
import SpillwayTestSupport

/// The operating system with neither chance, nor time, nor waiting for the disk, so that an engine does the same work
/// in every run.
struct SteadySystem: ForwardingSystem {
    let base = PosixSystem()
    private let random = Monitor(SplitMix64(seed: 1))

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        SteadyFile(try base.open(path, mode))
    }

    func syncDirectory(_ path: String) {}
    func monotonicUs() -> Int64 { 0 }
    func wallMs() -> Int64 { 0 }
    func randomWord() -> UInt64 { random.withLock { $0.next() } }
}

private final class SteadyFile: ForwardingFile {
    let file: any File

    init(_ file: any File) { self.file = file }

    func sync() {}
}
