/// A way in for bytes from outside. Whatever they are, reading them ends, gives what they hold or an error of the
/// reader's type, and traps nowhere.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// A Parquet file's footer and page indexes.
    case parquetFooter = "parquet-footer"
    /// The pages of one column chunk; ``ChunkInput`` says how the input gives its metadata.
    case parquetPages = "parquet-pages"
    /// A store's journal, which is frames from its first byte.
    case journal
    /// The content of one journal record, in a frame that is sound.
    case journalRecord = "journal-record"
    case openSegment = "open-segment"
    case sealedSegment = "sealed-segment"
    /// A version of a store's Delta log, after the first.
    case deltaLog = "delta-log"
    /// A checkpoint of the log, which is Parquet with nested columns.
    case deltaCheckpoint = "delta-checkpoint"
    case storeMetadata = "store-metadata"
    /// Several files of one store; ``StoreArchive`` says how.
    case store
    case scenario
    case csvRecording = "csv-recording"
    case parquetRecording = "parquet-recording"
    /// A Parquet file as another program writes it.
    case foreignRecording = "foreign-recording"

    package func run(_ input: [UInt8]) throws(FuzzFinding) {
        switch self {
        case .parquetFooter: try ParquetTargets.footer(input)
        case .parquetPages: try ParquetTargets.pages(input)
        case .journal: try StoreTargets.check([.journal(input)])
        case .journalRecord: try StoreTargets.check([.journal(JournalInput.frame(input))])
        case .openSegment: try StoreTargets.check([.openSegment(input)])
        case .sealedSegment: try StoreTargets.check([.sealedSegment(input)])
        case .deltaLog: try StoreTargets.check([.logVersion(input), .sealedSegment(StoreTargets.segment)])
        case .deltaCheckpoint: try StoreTargets.check([.checkpoint(input)])
        case .storeMetadata: try StoreTargets.check([.metadata(input)])
        case .store: try StoreTargets.check(StoreArchive.files(of: input))
        case .scenario: try TraceTargets.scenario(input)
        case .csvRecording: try TraceTargets.csv(input)
        case .parquetRecording: try TraceTargets.parquet(input)
        case .foreignRecording: try TraceTargets.foreign(input)
        }
    }
}

/// What an input brought about that no input may.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(problem()) }
}

/// What `body` returns; nil if it refuses the input with an error of the type that is its to throw.
func accepted<Failure: Error, Result>(
    or _: Failure.Type, _ body: () throws -> Result
) throws(FuzzFinding) -> Result? {
    do {
        return try body()
    } catch is Failure {
        return nil
    } catch {
        throw FuzzFinding("threw \(type(of: error)), not \(Failure.self): \(error)")
    }
}
