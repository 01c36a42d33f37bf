/// Something that is wrong with a store, or worth knowing of it, and where.
package struct Problem: Hashable, Sendable, Comparable {
    /// Path within the store.
    package var file: String
    /// Of the first byte of what is concerned.
    package var offset: UInt64
    package var problem: String

    package static func < (a: Problem, b: Problem) -> Bool {
        (a.file, a.offset, a.problem) < (b.file, b.offset, b.problem)
    }
}

extension Problem {
    /// - Parameter root: The store's directory, which the error's path begins with.
    init(_ error: any Error, file: String, root: String) {
        switch error {
        case StoreError.damaged(let path, let offset, let problem):
            let isInside = path.hasPrefix(root + "/")
            self.init(file: isInside ? String(path.dropFirst(root.count + 1)) : file, offset: offset, problem: problem)
        default:
            self.init(file: file, offset: 0, problem: "\(error)")
        }
    }
}

/// What ``Verification`` found.
package struct VerificationReport: Sendable {
    /// Rows that could be read and count: all of them, if nothing is damaged.
    package var registrations = 0
    /// Sealed and open ones.
    package var segments = 0
    package var byteCount: UInt64 = 0
    /// In order of file and offset.
    package var problems: [Problem] = []
    /// What is no damage: what a crash may leave and the next opening puts right, and files that are no part of the
    /// store.
    package var notes: [Problem] = []

    package var isSound: Bool { problems.isEmpty }
}
