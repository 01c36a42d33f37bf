import SpillwayParquet
import SpillwayPlatform

/// Reads every byte of a store and holds it against all that describes it. Changes nothing, needs no lock, and works
/// beside a writer and on what a crash left.
///
/// ```swift
/// let report = try Verification(path: "signups", system: PosixSystem()).run()
/// ```
package struct Verification: Sendable {
    /// How many bytes of memory may be taken to find identities that are stored twice; where those of the store take
    /// more, identities are read again for each part of them. The row groups that are being checked come on top.
    package var memoryBytes = 1 << 30
    package var threads = Process.processorCount

    private let layout: StoreLayout
    private let system: any System
    /// Beyond as many, identities that are stored twice are only counted.
    private static let namedIdentities = 100

    package init(path: String, system: any System) {
        layout = StoreLayout(root: path)
        self.system = system
    }

    /// - Parameter progress: Called with bytes read and bytes in all, from several threads.
    /// - Throws: ``StoreError`` if there is no store, or the system refuses to list it. What is wrong inside is
    ///   in the report.
    package func run(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> VerificationReport {
        try asStoreError(layout.root) {
            guard try system.exists(layout.root) else { throw StoreError.missing(path: layout.root) }
            guard try system.exists(layout.hidden) else { throw StoreError.notAStore(path: layout.root) }
            let inventory = try StoreInventory(layout: layout, system: system)
            let pieces = StorePieces(inventory)
            let census = IdentityCensus(
                count: pieces.expectedRows, memoryBytes: memoryBytes, randomWord: system.randomWord())
            var report = VerificationReport()
            report.segments = inventory.files.count { $0.kind != .journal }
            report.byteCount = inventory.files.reduce(0) { $0 + $1.size }
            report.problems = inventory.problems
            report.notes = inventory.notes.sorted()
            let found = try pieces.check(census, threads: threads, root: layout.root, progress)
            report.registrations = found.rows
            report.problems += found.problems
            report.problems += try repeatedIdentities(pieces.only(found.sound), census)
            report.problems.sort()
            return report
        }
    }

    /// Looks for where the identities are that the census found more than once.
    private func repeatedIdentities(_ pieces: StorePieces, _ census: IdentityCensus) throws -> [Problem] {
        let repeated = census.repeatedIdentities
        if repeated.isEmpty { return [] }
        let named = Set(repeated.sorted().prefix(Self.namedIdentities))
        let places = Monitor<[UInt64: [Problem]]>([:])
        try pieces.forEachIdentities(threads: threads) { place, identities in
            let offset = place.piece.identityOffset
            for identity in identities where named.contains(UInt64(bitPattern: identity)) {
                let identity = UInt64(bitPattern: identity)
                places.withLock {
                    $0[identity, default: []].append(Problem(file: place.file.name, offset: offset, problem: ""))
                }
            }
        }
        var problems = places.withLock { $0 }.sorted { $0.key < $1.key }.flatMap { identity, places in
            let places = places.sorted()
            return places.dropFirst().map { place in
                Problem(
                    file: place.file, offset: place.offset,
                    problem: "identity \(identity) is stored twice: also in \(places[0].file) at \(places[0].offset)")
            }
        }
        if repeated.count > named.count {
            let rest = repeated.count - named.count
            problems.append(Problem(file: "", offset: 0, problem: "\(rest) more identities are stored twice"))
        }
        return problems
    }
}
