import SpillwayConsole
import ArgumentParser
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Remove persons, so that no file holds their identities.",
        discussion: """
            Files that hold an identity are written anew without it, and the old ones deleted at once, as are all that \
            vacuum would delete some day. Cut off half-way, it is finished by whatever opens the store next. The \
            identities may register again. No other process may have the store open for writing.

            An identity is a telephone number with its +, or a 64-bit number in decimal. Numbers below 0 are the \
            same 64 bits as a signed integer, as other tools show them; write them after --.

            EXAMPLES
              spillway erase --store day +5511912345678
              spillway erase --store day --format json 5511912345678 18446744073709551615
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: "The identities to erase.", transform: { try Identity(argument: $0) })
    var identities: [Identity]

    @OptionGroup var output: OutputOptions

    func run() throws {
        let system = PosixSystem()
        // Opening makes a store where there is none.
        _ = try StoreView(path: store.store, system: system)
        let opened = try Store.open(store.store, system: system)
        try opened.store.settle(opened.view)
        let bar = ProgressBar("erase")
        defer { bar.finish() }
        let erased = try Erasure(storeAt: store.store, system: system).run(identities.map(\.rawValue)) { done, total in
            bar.update(done: done, of: total, shares: [])
        }
        bar.finish()
        let count = erased.rowCount
        try output.print(
            table: "Erased \(Figures.grouped(count)) \(count == 1 ? "registration" : "registrations").\n",
            json: ["erased": .integer(count)])
    }
}
