import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayStore

struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge small files into large ones.",
        discussion: """
            Files below half the size of a full one, and those of small row groups or without bloom filters, become \
            full ones that other tools read faster, with bloom filters for lookups. The registrations stay as they \
            are. Others may write and query the store meanwhile; stopped at any moment, it leaves the store sound. The \
            files that were merged stay on disk until vacuum deletes them.

            EXAMPLES
              spillway compact --store day
              spillway compact --store day --format json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bar = ProgressBar("compact")
        defer { bar.finish() }
        var policy = CompactionPolicy()
        policy.addsBloomFilters = true
        let compaction = Compaction(storeAt: store.store, policy: policy, system: PosixSystem())
        let report = try compaction.run(onProgress: { done, total in bar.update(done: done, of: total, shares: []) })
        bar.finish()
        let summary = CompactionSummary(report)
        try output.print(table: summary.table, json: summary.json)
    }
}
