import ArgumentParser

/// An amount of memory: `512MiB`, `2GiB`, or plain bytes.
struct MemorySize: ExpressibleByArgument {
    var byteCount: Int

    init(byteCount: Int) { self.byteCount = byteCount }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let shifts = ["": 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30]
        guard let count = Int(digits), count > 0, let shift = shifts[String(argument.dropFirst(digits.count))],
            case let (byteCount, overflow) = count.multipliedReportingOverflow(by: 1 << shift), !overflow
        else { return nil }
        self.byteCount = byteCount
    }

    var defaultValueDescription: String { Figures.bytes(byteCount).filter { $0 != " " } }
}
