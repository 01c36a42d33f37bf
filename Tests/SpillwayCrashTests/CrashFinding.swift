/// What a store, or the program, got wrong.
struct CrashFinding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// - Throws: ``CrashFinding`` unless `condition` holds.
func demand(_ condition: Bool, _ finding: @autoclosure () -> String) throws(CrashFinding) {
    guard condition else { throw CrashFinding(finding()) }
}
