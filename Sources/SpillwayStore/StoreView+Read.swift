import SpillwayPlatform

extension StoreView {
    /// Takes a view of the store at `path` and reads from it; if an erasure deletes a file that the view has, anew
    /// from a view taken then.
    ///
    /// - Throws: what `body` throws, and ``StoreError``.
    package static func read<Result>(
        _ path: String, system: any System, _ body: (StoreView) throws -> Result
    ) throws -> Result {
        // Each deletion is the end of a maintenance run: more of them than this during one reading are no accident.
        var attempts = 0
        while true {
            let view = try StoreView(path: path, system: system)
            do {
                return try body(view)
            } catch  where isDeletedFile(error) && attempts < 100 {
                attempts += 1
            }
        }
    }

    private static func isDeletedFile(_ error: any Error) -> Bool {
        switch error {
        case StoreError.system(let error): error.isNotFound
        case let error as SystemError: error.isNotFound
        default: false
        }
    }
}
