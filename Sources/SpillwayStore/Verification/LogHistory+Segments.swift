import FoundationEssentials

extension LogHistory {
    /// What the log says of a live segment and is not so.
    func problems(with segment: FramedFile) -> [Problem] {
        guard let footer = segment.footer, let add = state.live[segment.name] else { return [] }
        var found: [String] = []
        if add.size != Int64(segment.size) {
            found.append("\(segment.name) has \(segment.size) bytes, the log says \(add.size)")
        }
        if add.statistics != DeltaStatistics(SegmentStatistics(footer.rowGroups)) {
            found.append("the log's statistics of \(segment.name) are not the file's")
        }
        if isWhole, segment.lastEpoch.number > state.lastEpochNumber {
            found.append("the log has not reached the epoch of \(segment.name)")
        }
        let file = namedBy[segment.name] ?? "_delta_log"
        return found.map { Problem(file: file, offset: 0, problem: $0) }
    }
}

extension DeltaAction.AddFile {
    fileprivate var statistics: DeltaStatistics? {
        stats.flatMap { try? JSONDecoder().decode(DeltaStatistics.self, from: Data($0.utf8)) }
    }

    /// How many rows the file has, by its statistics.
    var recordCount: Int? { statistics?.numRecords }
}
