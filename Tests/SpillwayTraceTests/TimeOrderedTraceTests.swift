import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Synchronization
import Testing

@testable import SpillwayTrace

@Suite struct TimeOrderedTraceTests {
    /// Whatever the sources are, slices hold all rows once, in order of arrival, then of source and row; read in any
    /// order and by any thread.
    @Test(arguments: 0..<60)
    func slicesHoldAllRowsInOrder(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let sources = (0..<Int.random(in: 0...12, using: &random)).map { _ in ListedRows.random(using: &random) }
        let trace = TimeOrderedTrace(
            name: "random", fingerprint: 1, sources: sources, sliceRows: Int.random(in: 1...300, using: &random),
            windowRows: Int.random(in: 1...1000, using: &random),
            cacheBytes: [0, 20_000, 1 << 20].randomElement(using: &random) ?? 0)
        let expected = sources.flatMap(\.attempts).enumerated().sorted {
            ($0.element.arrivedAt, $0.offset) < ($1.element.arrivedAt, $1.offset)
        }.map(\.element)
        #expect(trace.expectedAttempts == expected.count)

        let slices = Monitor<[Int: [RecordedAttempt]]>([:])
        let order = (0..<trace.sliceCount).shuffled(using: &random)
        try concurrentPerform(order.count, threads: 4) { position in
            var slice = TraceSlice()
            try trace.readSlice(order[position], into: &slice)
            let attempts = slice.recordedAttempts
            slices.withLock { $0[order[position]] = attempts }
        }
        let read = slices.withLock { slices in (0..<trace.sliceCount).flatMap { slices[$0] ?? [] } }
        #expect(read == expected)
        #expect(try trace.recordedAttempts() == expected)
    }

    @Test func rowsThatSpreadEvenlyMakeSlicesOfOneSize() throws {
        let sources = (0..<20).map { index in ListedRows(500, from: index % 4 * 250_000, apartUs: 500) }
        let trace = TimeOrderedTrace(
            name: "even", fingerprint: 1, sources: sources, sliceRows: 1000, windowRows: 3000, cacheBytes: 1 << 20)
        var slice = TraceSlice()
        let counts = try (0..<trace.sliceCount).map { index in
            try trace.readSlice(index, into: &slice)
            return slice.count
        }
        #expect(counts.reduce(0, +) == 10_000)
        #expect(counts.dropLast().allSatisfy { (500...1010).contains($0) }, "\(counts)")
    }

    @Test func sourcesThatFollowEachOtherAreReadOnce() throws {
        let sources = (0..<30).map { index in ListedRows(700, from: index * 1000, apartUs: 1) }
        let trace = TimeOrderedTrace(
            name: "day", fingerprint: 1, sources: sources, sliceRows: 1000, windowRows: 3000, cacheBytes: 1 << 20)
        #expect(trace.sliceCount >= 15)
        #expect(try trace.recordedAttempts().count == 21_000)
        #expect(sources.map(\.reads) == Array(repeating: 1, count: 30))
    }

    @Test func sourcesThatSpreadOverTheWholeTimeAreReadOnceAWindow() throws {
        let sources = (0..<10).map { source in ListedRows(1000, from: source, apartUs: 1000) }
        let trace = TimeOrderedTrace(
            name: "bulk", fingerprint: 1, sources: sources, sliceRows: 500, windowRows: 2500, cacheBytes: 1 << 20)
        #expect(trace.sliceCount >= 20)
        #expect(try trace.recordedAttempts().count == 10_000)
        #expect(sources.allSatisfy { $0.reads <= 4 }, "\(sources.map(\.reads))")
    }

    @Test func aDenseInstantIsOneSlice() throws {
        let calm = ListedRows(1000, from: 0, apartUs: 1000)
        let dense = ListedRows(5000, from: 500_000, apartUs: 0)
        let trace = TimeOrderedTrace(
            name: "dense", fingerprint: 1, sources: [dense, calm], sliceRows: 100, windowRows: 400, cacheBytes: 10_000)
        var slice = TraceSlice()
        let counts = try (0..<trace.sliceCount).map { index in
            try trace.readSlice(index, into: &slice)
            return slice.count
        }
        #expect(counts.reduce(0, +) == 6000)
        #expect(counts.filter { $0 > 101 }.count == 1, "\(counts)")
    }

    @Test func timesMayBeAnything() throws {
        let extremes = [Int64.min, .max, 0, .max - 1, .min + 1]
        let attempts = extremes.enumerated().map { index, us in
            var attempt = RecordedAttempt.at(0, UInt64(index))
            attempt.arrivedAt = Timestamp(rawValue: us)
            return attempt
        }
        let sources = [ListedRows(attempts), ListedRows(Array(attempts[1...1])), ListedRows(Array(attempts[..<1]))]
        let trace = TimeOrderedTrace(
            name: "extreme", fingerprint: 1, sources: sources, sliceRows: 1, windowRows: 2, cacheBytes: 1 << 20)
        #expect(try trace.recordedAttempts().map(\.arrivedAt.rawValue) == [extremes[0]] + extremes.sorted() + [.max])
    }

    /// However far apart in density sources are, and whatever their number of rows claims to be.
    @Test func cutsCoverTimeOnceAndAreNotMoreThanRowsAskFor() throws {
        let whole = TimeCuts.Span(rowCount: 1, times: .min ... .max)
        let dense = (0..<100).map { TimeCuts.Span(rowCount: 1 << 30, times: Int64($0 * 7)...Int64($0 * 7)) }
        let cuts = TimeCuts([whole] + dense, sliceRows: 1 << 29, windowRows: 1 << 32)
        #expect(cuts.slices.count <= 201)
        #expect(cuts.slices.first?.times.lowerBound == .min && cuts.slices.last?.times.upperBound == .max)
        for (slice, next) in zip(cuts.slices, cuts.slices.dropFirst()) {
            #expect(slice.times.upperBound + 1 == next.times.lowerBound)
            #expect(next.window == slice.window || next.window == slice.window + 1)
        }
        for slice in cuts.slices { #expect(cuts.windows[slice.window].clamped(to: slice.times) == slice.times) }
        #expect((25...27).contains(cuts.windows.count))
        let claimed = TimeCuts.Span(rowCount: .max, times: 0...3)
        #expect(TimeCuts([claimed, claimed], sliceRows: 1, windowRows: 1).slices.count == 4)
    }

    @Test func nothingHasNoSlices() throws {
        #expect(TimeOrderedTrace(name: "none", fingerprint: 1, sources: []).sliceCount == 0)
        #expect(TimeOrderedTrace(name: "none", fingerprint: 1, sources: [ListedRows([])]).sliceCount == 0)
    }

    @Test func rowsOutsideOfTheirBoundsAreAnErrorNotLost() throws {
        let attempts = (0..<10).map { RecordedAttempt.at(Int64($0), UInt64($0)) }
        let source = ListedRows(attempts, bounds: attempts[0].arrivedAt...attempts[8].arrivedAt)
        let trace = TimeOrderedTrace(name: "day", fingerprint: 1, sources: [source])
        #expect { try trace.recordedAttempts() } throws: { "\($0)".contains("day: holds earlier or later times") }
    }

    /// Also for those who wait for what another thread failed to read.
    @Test func aSourceThatCannotBeReadFailsEveryReaderOfIt() throws {
        let good = ListedRows(2000, from: 0, apartUs: 1)
        let trace = TimeOrderedTrace(
            name: "day", fingerprint: 1, sources: [good, UnreadableRows(like: good)], sliceRows: 100,
            windowRows: 10_000, cacheBytes: 1 << 20)
        let failures = Atomic<Int>(0)
        try concurrentPerform(trace.sliceCount, threads: 4) { index in
            var slice = TraceSlice()
            do {
                try trace.readSlice(index, into: &slice)
            } catch TraceError.unknownKind {
                failures.add(1, ordering: .relaxed)
            }
        }
        #expect(failures.load(ordering: .relaxed) == trace.sliceCount)
        #expect(good.reads == 1)
    }
}

/// Attempts of a test's choice.
private final class ListedRows: RowSource {
    let attempts: [RecordedAttempt]
    let arrivals: ClosedRange<Timestamp>?
    private let readCount = Atomic<Int>(0)

    var rowCount: Int { attempts.count }
    var reads: Int { readCount.load(ordering: .relaxed) }

    init(_ attempts: [RecordedAttempt], bounds: ClosedRange<Timestamp>? = nil) {
        self.attempts = attempts
        let times = attempts.map(\.arrivedAt)
        arrivals = bounds ?? times.min().flatMap { first in times.max().map { first...$0 } }
    }

    /// Evenly spread, the last one first.
    convenience init(_ count: Int, from startUs: Int, apartUs: Int) {
        self.init((0..<count).reversed().map { .at(Int64(startUs + $0 * apartUs), UInt64($0)) })
    }

    func read(into slice: inout TraceSlice) {
        readCount.add(1, ordering: .relaxed)
        slice = TraceSlice(attempts)
    }

    /// Of none, one or many rows, at one instant or in a short or a long time, spread evenly or not, with bounds that
    /// are close or wide.
    static func random(using random: inout SplitMix64) -> ListedRows {
        let count = [0, 1, 10, 800].randomElement(using: &random) ?? 0
        let start = Int64.random(in: 0..<1_000_000, using: &random)
        let width: Int64 = [0, 3, 10_000, 1_000_000].randomElement(using: &random) ?? 0
        let isSkewed = Bool.random(using: &random)
        let attempts = (0..<count).map { row in
            let offset = Int64.random(in: 0...width, using: &random)
            let isOutlier = Int.random(in: 0..<100, using: &random) == 0
            return RecordedAttempt.at(
                isSkewed && !isOutlier ? start : start + offset, random.next(),
                Country.all.randomElement(using: &random) ?? .unknown,
                platform: ["ios", "web"].randomElement(using: &random) ?? "ios",
                source: ["organic", "invite"].randomElement(using: &random) ?? "organic", latencyUs: row)
        }
        guard !attempts.isEmpty, Bool.random(using: &random) else { return ListedRows(attempts) }
        let latest = RecordedAttempt.at(3_000_000, 0).arrivedAt
        return ListedRows(attempts, bounds: RecordedAttempt.at(-5, 0).arrivedAt...latest)
    }
}

private struct UnreadableRows: RowSource {
    let rowCount: Int
    let arrivals: ClosedRange<Timestamp>?

    init(like other: ListedRows) {
        rowCount = other.rowCount
        arrivals = other.arrivals
    }

    func read(into slice: inout TraceSlice) throws(TraceError) { throw .unknownKind(path: "day") }
}
