import FoundationEssentials
import SpillwayModel
import SpillwayPlatform

extension DeltaLog {
    fileprivate static let epochApplication = "spillway.epoch"
    private static let streamPrefix = "spillway.stream."

    /// Version 0: the table's schema and no file.
    func create(id: String) throws(StoreError) -> State {
        var state = State()
        let schema = DeltaSchema(
            fields: SegmentColumn.allCases.map { DeltaSchema.Field(name: $0.name, type: $0.deltaType) })
        let schemaString = try asStoreError(layout.log) { try Self.json(schema) }
        try commit(
            operation: "CREATE TABLE",
            [
                DeltaAction(protocolVersions: .init(minReaderVersion: 1, minWriterVersion: 2)),
                DeltaAction(
                    metaData: .init(id: id, schemaString: schemaString, createdTime: system.wallMs())),
            ], to: &state)
        return state
    }

    /// Makes a sealed segment part of the table, with how far it brings the store. Its file must be durable under
    /// its final name.
    func add(_ segment: SealedSegment, to state: inout State) throws(StoreError) {
        var actions = [
            DeltaAction(add: try addition(of: segment, dataChange: true)),
            DeltaAction(
                txn: .init(
                    appId: Self.epochApplication, version: Int64(segment.lastEpoch.number),
                    lastUpdated: system.wallMs())),
        ]
        let position = segment.lastEpoch.position
        if position != .none {
            actions.append(
                DeltaAction(
                    txn: .init(
                        appId: Self.streamPrefix + hexadecimal(position.stream),
                        version: Int64(position.attempts), lastUpdated: system.wallMs())))
        }
        try commit(operation: "WRITE", actions, to: &state)
    }

    /// Puts merged segments in the place of those whose rows they hold; the files of both stay. The new ones must be
    /// durable under their final names.
    ///
    /// - Parameter dataChange: whether rows went, too: readers that follow the table's changes pass over what merely
    ///   moves rows.
    /// - Returns: false, with nothing changed, if the table does not hold all of `segments` any more.
    func replace(
        _ segments: [SegmentName], by merged: [SealedSegment], dataChange: Bool, in state: inout State
    ) throws(StoreError) -> Bool {
        let now = system.wallMs()
        var actions = segments.compactMap { state.live[$0.description] }.map { file in
            DeltaAction(remove: .init(file, atMs: now, dataChange: dataChange))
        }
        for segment in merged { actions.append(DeltaAction(add: try addition(of: segment, dataChange: dataChange))) }
        return try commit(operation: dataChange ? "DELETE" : "OPTIMIZE", actions, to: &state) { state in
            segments.allSatisfy { state.live[$0.description] != nil }
        }
    }

    private func addition(of segment: SealedSegment, dataChange: Bool) throws(StoreError) -> DeltaAction.AddFile {
        let stats = try asStoreError(layout.log) { try Self.json(DeltaStatistics(segment.statistics)) }
        return .init(
            path: segment.name.description, size: Int64(segment.size), modificationTime: system.wallMs(),
            dataChange: dataChange, stats: stats)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension DeltaLog.State {
    /// The last epoch in any segment that ever entered the table, 0 if none did.
    var lastEpochNumber: UInt64 {
        UInt64(clamping: transactions[DeltaLog.epochApplication] ?? 0)
    }

    /// The segments of the live files, in order of number.
    func liveSegments(layout: StoreLayout) throws(StoreError) -> [SegmentName] {
        var names: [SegmentName] = []
        for path in live.keys {
            guard let name = SegmentName(fileName: path) else {
                throw .damaged(
                    path: layout.log, offset: 0,
                    problem: "the table holds '\(path)', which no Spillway wrote: only Spillway may add to its table")
            }
            names.append(name)
        }
        return names.sorted { $0.number < $1.number }
    }
}

extension DeltaStatistics {
    init(_ statistics: SegmentStatistics) {
        numRecords = statistics.rowCount
        // Readers take timestamps to the millisecond, so the bounds are rounded outward. Identities are left out:
        // each segment's span nearly all there are, and the log is not to name a person.
        minValues = Values(
            registeredAt: statistics.registeredAt.flatMap { Self.time($0.lowerBound, roundedUp: false) },
            latencyUs: statistics.latencyUs?.lowerBound)
        maxValues = Values(
            registeredAt: statistics.registeredAt.flatMap { Self.time($0.upperBound, roundedUp: true) },
            latencyUs: statistics.latencyUs?.upperBound)
        nullCount = Dictionary(uniqueKeysWithValues: SegmentColumn.allCases.map { ($0.name, 0) })
    }

    /// What RFC 3339 can write, 0001-01-01 to 9999-12-31, also when it is rounded.
    private static let years: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_000

    /// Nil, which bounds nothing, for a time that cannot be written.
    private static func time(_ us: Int64, roundedUp: Bool) -> String? {
        guard years.contains(us) else { return nil }
        let (ms, rest) = us.flooredDivision(by: 1000)
        let rounded = (roundedUp && rest > 0 ? ms + 1 : ms).flooredDivision(by: 1000)
        let second = Timestamp(rawValue: rounded.quotient * Timestamp.microsecondsPerSecond).rfc3339
        let fraction = String(rounded.remainder)
        return second.dropLast() + ".\(String(repeating: "0", count: 3 - fraction.count))\(fraction)Z"
    }
}
