import CSpillwayPlatform

extension CurrentThread {
    /// As many as any kernel counts: CONFIG_NR_CPUS is 8192 at most. A multiple of 64, as the calls ask for.
    private static let maskBytes = 8192 / 8

    /// The processors that this thread may run on, by number; threads that it starts inherit them.
    package static var processors: [Int] {
        let mask = mask
        return (0..<8 * mask.count).filter { mask[$0 / 8] & 1 << UInt8($0 % 8) != 0 }
    }

    /// How many ``processors`` there are.
    package static var allowedProcessorCount: Int { mask.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Empty if the system does not say.
    private static var mask: [UInt8] {
        var mask = [UInt8](repeating: 0, count: maskBytes)
        return spillway_get_affinity(&mask, mask.count) == 0 ? mask : []
    }

    /// Keeps this thread, and the threads that it starts from now on, to these processors.
    package static func run(on processors: [Int]) throws(SystemError) {
        var mask = [UInt8](repeating: 0, count: maskBytes)
        for processor in processors where processor >= 0 && processor < 8 * mask.count {
            mask[processor / 8] |= 1 << UInt8(processor % 8)
        }
        guard spillway_set_affinity(mask, mask.count) == 0 else {
            throw SystemError(call: "sched_setaffinity", path: "this thread")
        }
    }
}
