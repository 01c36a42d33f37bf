import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// Stores as the project writes them, small.
enum StoreSeeds {
    /// A store after `work`, with whatever that leaves open.
    static func store(_ work: (Store) throws -> Void) -> MemorySystem {
        let system = MemorySystem(directories: ["/"])
        do {
            try work(Store.open(StoreTargets.root, system: system).store)
        } catch {
            preconditionFailure("a store in memory fails: \(error)")
        }
        return system
    }

    static func epoch(_ number: UInt64) -> EpochMark {
        EpochMark(number: number, position: StreamPosition(stream: 0xfeed, attempts: number * 10))
    }

    static func rowGroup(_ identities: Range<UInt64>) -> FrameBuffer {
        let frame = FrameBuffer()
        RowGroupBuilder().build(blocks(identities), outcomes: outcomes, into: frame)
        return frame
    }

    static func journalRecord(_ identities: Range<UInt64>) -> FrameBuffer {
        let frame = FrameBuffer()
        JournalRecord.write(blocks(identities), RecordedOutcomes(since: 1, outcomes), into: frame)
        return frame
    }

    private static let outcomes: OutcomeTally = {
        var tally = OutcomeTally()
        tally.add(OutcomeTally.Cell(minute: 27_222_683, region: .asia, outcome: .duplicate), 300)
        tally.add(OutcomeTally.Cell(minute: nil, region: nil, outcome: .refused(.unknownCountry)), 1)
        return tally
    }()

    private static func blocks(_ identities: Range<UInt64>) -> [RowBlock] {
        let block = RowBlockPool().take()
        let countries: [Country] = ["BR", "DE", "IN", "NG"].compactMap { Country($0) }
        for identity in identities {
            let attributes = PackedAttributes(
                country: countries[Int(identity % 4)], platform: identity % 3 == 0 ? "web" : "ios",
                source: identity % 5 == 0 ? "invite" : "organic", latencyUs: Int32(identity * 7919 % 5000))
            block.append(
                PackedRow(
                    registeredAt: 1_633_361_000_000_000 + Int64(identity) * 100_003,
                    identity: identity &* 0x9e37_79b9, attributes: attributes))
        }
        return [block]
    }

    /// What a store of one epoch's row group has after sealing.
    static let sealedSegment: [UInt8] = {
        let system = store { store in
            try store.append(rowGroups: [rowGroup(0..<40)], epoch: epoch(1))
            try store.sync()
            try store.seal()
        }
        return only(system, in: StoreTargets.root, ending: ".parquet")
    }()

    static let checkpointPath = "\(StoreTargets.root)/_delta_log/00000000000000000100.checkpoint.parquet"

    /// The checkpoint of a store of 99 segments that the 100th version merged, and the merged one by its path.
    static let checkpointed: (checkpoint: [UInt8], segments: [String: [UInt8]]) = {
        let system = store { store in
            for number in 1...99 as ClosedRange<UInt64> {
                try store.append(rowGroups: [rowGroup(number..<number + 1)], epoch: epoch(number))
                try store.seal()
            }
        }
        do {
            _ = try Compaction(storeAt: StoreTargets.root, system: system).run()
        } catch {
            preconditionFailure("a compaction in memory fails: \(error)")
        }
        guard let checkpoint = system.contents[checkpointPath] else { preconditionFailure("no checkpoint") }
        return (checkpoint, system.contents.filter { $0.key.hasPrefix("\(StoreTargets.root)/merged-") })
    }()

    /// The one file of a directory whose name ends so.
    static func only(_ system: MemorySystem, in directory: String, ending: String) -> [UInt8] {
        let files = system.contents.filter { path, _ in
            path.hasPrefix(directory + "/") && path.hasSuffix(ending)
                && !path.dropFirst(directory.count + 1).contains("/")
        }
        guard files.count == 1, let file = files.first else {
            preconditionFailure("\(files.count) files in \(directory) end in \(ending)")
        }
        return file.value
    }
}
