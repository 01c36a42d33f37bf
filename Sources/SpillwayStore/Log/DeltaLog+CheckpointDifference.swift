import SpillwayPlatform

extension DeltaLog {
    /// In what a checkpoint and the state of its version differ; nil if they agree.
    ///
    /// A tombstone may be missing in the checkpoint once its file is gone: how old it was then, clocks that jump do not
    /// tell.
    func difference(of checkpoint: Checkpoint, from state: State) throws(SystemError) -> String? {
        let held = checkpoint.state
        if held.protocolVersions != state.protocolVersions { return "a checkpoint has another protocol than the log" }
        if held.metaData != state.metaData { return "a checkpoint has other metadata than the log" }
        if let appId = Self.firstDifference(held.transactions, state.transactions) {
            return "a checkpoint has another version of application '\(appId)' than the log"
        }
        if let path = Self.firstDifference(held.live, state.live) {
            return "a checkpoint and the log do not hold \(path) alike"
        }
        for path in Set(held.removed.keys).union(state.removed.keys).sorted()
        where held.removed[path] != state.removed[path] {
            if held.removed[path] == nil, try !system.exists("\(layout.root)/\(path)") { continue }
            return "a checkpoint and the log do not take \(path) out of the table alike"
        }
        let count = 2 + held.transactions.count + held.live.count + held.removed.count
        return checkpoint.size == count ? nil : "a checkpoint of \(count) actions holds \(checkpoint.size)"
    }

    private static func firstDifference<Value: Equatable>(_ a: [String: Value], _ b: [String: Value]) -> String? {
        Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.min()
    }
}
