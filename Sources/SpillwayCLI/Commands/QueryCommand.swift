import ArgumentParser
import SpillwayConsole
import SpillwayModel
import SpillwayPlatform
import SpillwayQuery

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Count registrations, by group and by time.",
        discussion: """
            Sees every registration that was acknowledged, sealed or not, also while another process writes the \
            store, and changes nothing. Times are RFC 3339, in UTC unless they have an offset.

            EXAMPLES
              spillway query --store day --by region
              spillway query --store day --by region --every 1h --since 2021-10-04T15:00Z
              spillway query --store day --by platform,source --where country=BR --where country=MX
              spillway query --store day --by region --percentiles 50,99,99.9 --format json
              spillway query --store day --histogram --format chart
              spillway query --store day --by region --show peak-minute,first-last
              spillway query --store day --by region --every 1h --show attempts
              spillway query --store day --where 'latency>100ms' --by country --explain
              spillway query --store day --by region --every 1h --compare-to 1.5M/d
              spillway query --store day --every 1d --time-zone America/Sao_Paulo
              spillway query --store day --by country --output countries.csv
              spillway query --store day --by country --every 1m --format arrow | python notebook.py
              spillway query --store day --by region --every 1h --format chart
              spillway query --store day --by region --every 1m --plot day.svg --plot day.html
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: "Columns to group by, of region, country, platform and source.",
        transform: { try $0.split(separator: ",").map { try QueryColumn(argument: $0) } })
    var by: [QueryColumn] = []

    @Option(
        help: ArgumentHelp(
            "Divide time too: 1m, 1h, 1d, or any number of s, m, h, d.", valueName: "interval"),
        transform: { try QueryInterval(argument: $0) })
    var every: QueryInterval?

    @Option(
        help: ArgumentHelp(
            "Where clocks show the hours and days of --every: Europe/Berlin, or a region. (default: UTC)",
            valueName: "zone"))
    var timeZone: String?

    @Option(
        help: ArgumentHelp("The first time that counts.", valueName: "time"),
        transform: { try Timestamp(argument: $0) })
    var since: Timestamp?

    @Option(
        help: ArgumentHelp("The first time that no longer counts.", valueName: "time"),
        transform: { try Timestamp(argument: $0) })
    var until: Timestamp?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            """
            Count only these. Repeat it: of one column any value may match, of several all must. Latencies and \
            identities are compared: 'latency>100ms', 'identity<=4917699999999'.
            """, valueName: "column=value"),
        transform: { try QueryFilter(argument: $0) })
    var filters: [QueryFilter] = []

    @Option(
        help: ArgumentHelp("Exact latency percentiles of each group, such as 50,99,99.9.", valueName: "list"),
        transform: { try $0.split(separator: ",").map { try Percentile(argument: $0) } })
    var percentiles: [Percentile] = []

    @Flag(help: "How many of each group waited how long: a row for each doubling of the latency.")
    var histogram = false

    @Option(
        help: ArgumentHelp(
            """
            What else to tell of each group: share, running-total, first-last, peak-second, peak-minute, attempts (with \
            duplicates and refusals, by region and minute); several with commas.
            """, valueName: "list"),
        transform: { try $0.split(separator: ",").map { try QueryMeasure(argument: $0) } })
    var show: [QueryMeasure] = []

    @Option(
        help: ArgumentHelp(
            """
            Hold the counts against others: of a time that begins then (2021-10-03), of another store (its directory), or \
            of a norm (1.5M/d).
            """, valueName: "baseline"))
    var compareTo: ComparisonBaseline?

    @Flag(help: "Say on standard error what was read for the answer, and what was passed over.")
    var explain = false

    @Option(help: ArgumentHelp("The most memory to use, such as 2GiB.", valueName: "size"))
    var memory = ByteCount(bytes: 1 << 30)

    @OptionGroup var output: ResultOutput

    func validate() throws {
        if compareTo != nil, histogram || !percentiles.isEmpty || !show.isEmpty {
            throw ValidationError("--compare-to compares counts: leave out --percentiles, --histogram and --show")
        }
        if histogram, !percentiles.isEmpty || !show.isEmpty {
            throw ValidationError("--histogram has a row for each latency: ask for --percentiles and --show apart")
        }
    }

    func run() throws {
        let query = try question()
        if let compareTo {
            let snapshot = try Snapshot(ofStoreAt: store.store, memoryLimitBytes: memory.bytes)
            let baseline = try compareTo.baseline(memoryLimitBytes: memory.bytes)
            let comparison = try snapshot.compare(query, to: baseline)
            return try output.write(ComparisonReport(comparison, of: query).table, from: store.store)
        }
        let bar = ProgressBar("query")
        defer { bar.finish() }
        let result = try query.run(onStoreAt: store.store, memoryLimitBytes: memory.bytes) { progress in
            bar.update(done: progress.rowsRead, of: progress.rowsToRead, shares: [])
            return true
        }
        bar.finish()
        if explain { try Terminal.write(ReadingReport(result.reading).text, to: .error) }
        try output.write(table(of: result, query), from: store.store)
    }

    private func table(of result: QueryResult, _ query: Query) -> ResultTable {
        if histogram { return HistogramReport(result, of: query).table }
        return QueryReport(result, of: query, percentiles: percentiles.map(\.name)).table
    }

    private func question() throws -> Query {
        var query = Query()
        query.groupBy = by
        query.every = every
        query.timeZone = timeZone
        query.since = since
        query.until = until
        for filter in filters { try filter.narrow(&query) }
        query.percentiles = percentiles.map(\.value)
        query.measures = histogram ? [.latencyHistogram] : Set(show)
        return query
    }
}
