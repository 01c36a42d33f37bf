import ArgumentParser

/// An amount of memory as people write it: `2GiB`, `512MiB`, `1073741824`.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    private static let units = ["": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40]

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = argument.dropFirst(digits.count)
        guard let count = Int(digits), let unitBytes = Self.units[String(unit)] else { return nil }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: unitBytes)
        guard !overflows else { return nil }
        self.init(bytes: bytes)
    }

    var description: String {
        for unit in ["TiB", "GiB", "MiB", "KiB"] {
            if let unitBytes = Self.units[unit], bytes >= unitBytes, bytes % unitBytes == 0 {
                return "\(bytes / unitBytes)\(unit)"
            }
        }
        return "\(bytes)"
    }
}
