import ArgumentParser
import SpillwayModel
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
            "Count only these. Repeat it: of one column any value may match, of several all must.",
            valueName: "column=value"),
        transform: { try QueryFilter(argument: $0) })
    var filters: [QueryFilter] = []

    @Option(
        help: ArgumentHelp("Exact latency percentiles of each group, such as 50,99,99.9.", valueName: "list"),
        transform: { try $0.split(separator: ",").map { try Percentile(argument: $0) } })
    var percentiles: [Percentile] = []

    @Option(help: ArgumentHelp("The most memory to use, such as 2GiB.", valueName: "size"))
    var memory = ByteCount(bytes: 1 << 30)

    @OptionGroup var output: ResultOutput

    func run() throws {
        var query = Query()
        query.groupBy = by
        query.every = every
        query.since = since
        query.until = until
        for filter in filters { query.filters[filter.column, default: []].insert(filter.value) }
        query.percentiles = percentiles.map(\.value)
        let result = try query.run(onStoreAt: store.store, memoryLimitBytes: memory.bytes)
        let report = QueryReport(result, of: query, percentiles: percentiles.map(\.name))
        try output.write(report.table, from: store.store)
    }
}
