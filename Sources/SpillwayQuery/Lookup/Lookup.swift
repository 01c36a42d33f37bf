import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// A question for the registrations of some identities.
///
/// ```swift
/// let found = try Lookup([Identity(e164: "+5511912345678")!]).run(onStoreAt: "signups")
/// ```
public struct Lookup: Sendable {
    public var identities: [Identity]

    public init(_ identities: [Identity]) { self.identities = identities }

    /// The registration of each identity, in their order; nil for one that the store does not hold. Changes nothing,
    /// and needs no lock.
    ///
    /// - Parameters:
    ///   - threads: How many threads to use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory to use, beside what the store's own metadata and the answer take.
    /// - Throws: ``QueryError/store(_:)``
    /// - Complexity: reads the pages whose range of identities holds one that is wanted, and that no Bloom filter
    ///   rules out.
    public func run(
        onStoreAt path: String, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30
    ) throws(QueryError) -> [Registration?] {
        do {
            return try StoreView.read(path, system: PosixSystem()) { view in
                try run(on: view, threads: threads ?? Process.processorCount, memoryLimitBytes: memoryLimitBytes)
            }
        } catch {
            throw QueryError(error)
        }
    }

    package func run(on view: StoreView, threads: Int, memoryLimitBytes: Int = 1 << 30) throws -> [Registration?] {
        let snapshot = try Snapshot(
            view, threads: threads, memoryLimitBytes: memoryLimitBytes, rollups: .none, keepsRollups: false)
        return try run(on: snapshot)
    }

    func run(on snapshot: Snapshot) throws -> [Registration?] {
        let wanted = identities.map { Int64(bitPattern: $0.rawValue) }.sortedWithoutRepetitions()
        let found = Monitor([Registration?](repeating: nil, count: wanted.count))
        try Scan(snapshot).run { next in
            let reader = LookupReader(wanted: wanted, cache: snapshot.lookupCache)
            while let source = try next() {
                let registrations = try reader.find(in: source)
                found.withLock { found in
                    for registration in registrations { found[wanted.place(of: registration.identity)] = registration }
                }
            }
        }
        return found.withLock { found in identities.map { found[wanted.place(of: $0)] } }
    }
}

extension [Int64] {
    fileprivate func sortedWithoutRepetitions() -> [Int64] {
        var result: [Int64] = []
        result.reserveCapacity(count)
        for value in sorted() where value != result.last { result.append(value) }
        return result
    }

    /// Where an identity is that they hold, ascending.
    fileprivate func place(of identity: Identity) -> Int { lowerBound(Int64(bitPattern: identity.rawValue)) }
}
