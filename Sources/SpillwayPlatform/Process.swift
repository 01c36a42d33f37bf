import Glibc

/// This process and its machine.
package enum Process {
    /// Processors that the calling thread may run on: fewer than are online where a container or whoever started the
    /// process says so.
    package static var processorCount: Int {
        let allowed = CurrentThread.allowedProcessorCount
        return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// The most memory that this process ever held at once.
    package static var peakResidentBytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    /// Processor time that this process has used, user and system.
    package static var processorTimeUs: Int64 {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000
            + Int64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    /// Time that the machine's processors were ready to work and the host gave them to others (`steal`, proc_stat(5)),
    /// all of them together since it booted; nil if the system does not say. Without a host it stays 0.
    package static var stolenTimeUs: Int64? {
        let bytes = try? PosixSystem().open("/proc/stat", .read).readBytes(count: 1024, at: 0)
        // cpu user nice system idle iowait irq softirq steal …
        let fields = String(decoding: bytes ?? [], as: UTF8.self).prefix { $0 != "\n" }.split(separator: " ")
        guard fields.count > 8, fields[0] == "cpu" else { return nil }
        return Int64(fields[8]).map { $0 * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK))) }
    }

    package static var id: Int32 { getpid() }

    /// The program's file name.
    package static var name: String { CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "?" }

    package static let physicalMemoryBytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

    /// What new work may take of the machine's memory without swapping (proc_meminfo(5)); nil if the system does not
    /// say.
    package static var availableMemoryBytes: Int? {
        let bytes = try? PosixSystem().open("/proc/meminfo", .read).readBytes(count: 4096, at: 0)
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
        let fields = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ") ?? []
        return fields.count > 1 ? Int(fields[1]).map { $0 << 10 } : nil
    }
}
