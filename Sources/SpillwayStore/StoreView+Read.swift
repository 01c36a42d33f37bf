import SpillwayPlatform

extension StoreView {
    /// How many attempts brought no registration, as far as that is durable: of an epoch without registrations it may be
    /// not until one comes that has some.
    ///
    /// - Complexity: O(cells)
    package func loadOutcomes() throws(StoreError) -> OutcomeTally {
        var total = journaledOutcomes.total
        for segment in segments { total += try segment.loadOutcomes() }
        return total
    }

    /// Takes a view of the store at `path` and reads from it; if an erasure deletes a file that the view has, anew
    /// from a view taken then.
    ///
    /// - Throws: what `body` throws, and ``StoreError``.
    package static func read<Result>(
        _ path: String, system: any System, _ body: (StoreView) throws -> Result
    ) throws -> Result {
        try read(taking: { _ in try StoreView(path: path, system: system) }, body)
    }

    /// The same of any views.
    ///
    /// - Parameter view: Takes one; told whether it is to replace one whose files were deleted.
    package static func read<Result>(
        taking view: (_ isAgain: Bool) throws -> StoreView, _ body: (StoreView) throws -> Result
    ) throws -> Result {
        // Each deletion is the end of a maintenance run: more of them than this during one reading are no accident.
        var attempts = 0
        while true {
            let view = try view(attempts > 0)
            do {
                return try body(view)
            } catch  where isDeletedFile(error) && attempts < 100 {
                attempts += 1
            }
        }
    }

    private static func isDeletedFile(_ error: any Error) -> Bool {
        switch error {
        case let error as StoreError: error.isDeletedFile
        case let error as SystemError: error.isNotFound
        default: false
        }
    }
}
