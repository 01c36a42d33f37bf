import SpillwayModel
import SpillwayPlatform

extension Engine {
    /// Makes identities known without a registration, until the engine is closed: what it costs to have many known can
    /// be measured without a store of that size. Any number of threads may call this at once.
    ///
    /// - Precondition: none is known yet.
    /// - Throws: ``EngineError/outOfMemory(limitBytes:)``
    package func remember(_ identities: [Identity]) throws(EngineError) {
        let words = identities.map { Int64(bitPattern: $0.rawValue) }
        var route = BatchRoute()
        route.fill(from: words.span, permutation: permutation, shardBits: shardBits)
        do throws(RememberFailure) {
            for (index, shard) in shards.enumerated() {
                try shard.withLock { (shard) throws(RememberFailure) in
                    try shard.remember(route, part: route.part(of: index))
                }
            }
        } catch {
            switch error {
            case .memoryFull: throw .outOfMemory(limitBytes: configuration.memoryLimitBytes)
            case .knownAlready: preconditionFailure("an identity that is known was to be made known")
            }
        }
    }
}
