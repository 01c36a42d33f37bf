import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct SnapshotTests {
    private let registrations = registrationsAroundMidnight(400, seed: 61)

    @Test func aSnapshotStaysAsItWas() throws {
        let store = try SmallStore(registrations)
        let snapshot = try Snapshot(ofStoreAt: store.directory.path)
        try store.close()
        #expect(snapshot.registrations == 400)
        #expect(try snapshot.run(Query()).registrations == 400)
        let found = try snapshot.find([registrations[7].identity, Identity(rawValue: 1)])
        #expect(found == [registrations[7], nil])
    }

    @Test func aFileThatIsGoneMakesASnapshotOutdated() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot(.none)
        let path = snapshot.view.segments[0].path
        try PosixSystem().remove(path)
        #expect(throws: QueryError.outdated(path: path)) { try snapshot.run(Query()) }
        #expect(throws: QueryError.outdated(path: path)) { try snapshot.find([registrations[0].identity]) }
    }

    @Test func readingTellsWhatWasReadAndWhatWasNot() throws {
        let store = try SmallStore(registrations.sorted { $0.registeredAt < $1.registeredAt })
        try store.close()
        let midnight = try #require(Timestamp(year: 2021, month: 10, day: 5))
        var query = Query()
        query.groupBy = [.platform]
        query.since = midnight
        let counted = try store.snapshot().run(query).reading
        #expect(counted.segmentsInRollups == counted.segments && counted.rollupCells > 0)
        #expect(counted.rowGroupsRead == 0 && counted.rowsRead == 0 && counted.bytesRead == 0)
        #expect(counted.rowGroupsInRollups > 0 && counted.rowGroupsOutsideTime > 0)
        #expect(counted.rowGroupsInRollups + counted.rowGroupsOutsideTime == counted.rowGroups)
        query.since = Timestamp(rawValue: midnight.rawValue + 1)
        let edge = try store.snapshot().run(query).reading
        #expect((1...2).contains(edge.rowGroupsRead) && edge.rollupCells > 0 && edge.bytesRead > 0)
        let scanned = try store.snapshot(.none).run(query).reading
        #expect(scanned.rollupCells == 0 && scanned.rowGroupsInRollups == 0)
        #expect(scanned.rowGroupsRead + scanned.rowGroupsOutsideTime == scanned.rowGroups)
        #expect(scanned.rowsRead < registrations.count && scanned.bytesRead > edge.bytesRead)
    }

    /// Rows go by country: of a column that is asked for after it, most pages have none of a small one.
    @Test func pagesWithoutARowThatCountsArePassedOver() throws {
        let store = try SmallStore(registrations)
        try store.close()
        var query = Query()
        query.percentiles = [50]
        let all = try store.snapshot(.none).run(query).reading
        #expect(all.pagesRead > 0 && all.pagesPassedOver == 0)
        query.filters[.country] = ["BR"]
        let one = try store.snapshot(.none).run(query).reading
        #expect(2 * one.pagesPassedOver > all.pagesRead)
        #expect(one.rowsRead == all.rowsRead)
    }

    @Test func progressReachesAllRows() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let last = Monitor(QueryProgress(rowsRead: 0, rowsToRead: 0))
        let result = try store.snapshot(.none).run(Query()) { progress in
            last.withLock { $0 = progress.rowsRead >= $0.rowsRead ? progress : $0 }
            return true
        }
        #expect(result.reading.rowsRead == 400)
        let progress = last.withLock { $0 }
        #expect(progress.rowsToRead == 400 && (1..<400).contains(progress.rowsRead))
    }

    @Test func aQueryThatIsToldToStopIsCancelled() throws {
        let store = try SmallStore(registrations)
        try store.close()
        #expect(throws: QueryError.cancelled) {
            try store.snapshot(.none).run(Query()) { $0.rowsRead == 0 }
        }
    }

    @Test func aTaskGetsTheAnswerOrIsCancelled() async throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot(.none)
        #expect(try await snapshot.run(Query()).registrations == 400)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await snapshot.run(Query())
        }
        await #expect(throws: QueryError.cancelled) { try await task.value }
    }

    @Test func anEmptyStoreOrTimeHasAnEmptyAnswer() throws {
        let empty = try SmallStore([])
        var query = Query()
        query.groupBy = [.region]
        query.every = .hours(1)
        query.timeZone = "Europe"
        query.measures = [.firstAndLast, .peakSecond, .latencyHistogram]
        query.percentiles = [50]
        #expect(try empty.snapshot().run(query).rows.isEmpty)
        let store = try SmallStore(registrations)
        try store.close()
        query.since = Timestamp(year: 2031, month: 1, day: 1)
        let result = try store.snapshot().run(query)
        #expect(result.rows.isEmpty && result.reading.rowGroupsOutsideTime == result.reading.rowGroups)
    }
}
