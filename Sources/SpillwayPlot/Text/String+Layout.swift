import SpillwayConsole

extension String {
    /// Puts a label behind those that are there, if there is room between.
    mutating func place(_ label: String, at column: Int, within width: Int) {
        let (end, length) = (terminalColumns, label.terminalColumns)
        guard !label.isEmpty, column >= end + (isEmpty ? 0 : 1), column + length <= width else { return }
        self = aligned(.left, to: column) + label
    }
}
