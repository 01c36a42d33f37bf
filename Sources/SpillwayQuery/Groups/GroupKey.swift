import SpillwayPlatform

/// A group of a result: the value of each grouping column, and the time bucket.
struct GroupKey: Hashable, Sendable {
    /// Numbers of names in a ``NameTable``, 16 bits for each grouping column, the first in the highest bits.
    var values: UInt64
    /// Number of the time bucket; 0 where time is not divided.
    var bucket: Int64
}

/// Numbers the values that turn up in a scan, for all of its threads.
final class NameTable: Sendable {
    private struct State {
        var names: [String] = []
        var numbers: [String: UInt16] = [:]
    }
    private let state = Monitor(State())

    func numbers(of names: [String]) throws(QueryError) -> [UInt16] {
        let numbers = state.withLock { state in
            names.map { name -> UInt16? in
                if let number = state.numbers[name] { return number }
                guard let number = UInt16(exactly: state.names.count) else { return nil }
                state.names.append(name)
                state.numbers[name] = number
                return number
            }
        }
        let known = numbers.compactMap { $0 }
        guard known.count == names.count else { throw .tooManyGroups }
        return known
    }

    /// All of them, by number.
    var names: [String] { state.withLock { $0.names } }
}

extension GroupKey {
    /// Numbers of the values of `count` grouping columns.
    func numbers(count: Int) -> [UInt16] {
        (0..<count).map { UInt16(truncatingIfNeeded: values >> UInt64(16 * (count - 1 - $0))) }
    }
}
