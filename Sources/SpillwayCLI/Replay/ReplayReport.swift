import SpillwayConsole
import SpillwayLatency
import SpillwayModel
import SpillwayPlatform

/// What a replay came to.
struct ReplayReport {
    var trace: String
    var measures: ReplayMeasures
    var timeline: ReplayTimeline
    /// Whether attempts had times at which they were to be sent.
    var isScheduled: Bool
    var isInterrupted: Bool
    var seconds: Double
    var bytesOnDisk: Int
    /// Registrations in the store, those of earlier runs too.
    var storedRegistrations: Int
    var durability: Durability
    /// Nil where no row can be left out.
    var rejected: RejectedRowsReport?
    /// Processor time that the machine's host gave to others meanwhile: lateness then says nothing of the replay. Nil
    /// where the system does not say.
    var stolenSeconds: Double?
    var peakResidentBytes = Process.peakResidentBytes

    var totals: ReplayTotals { measures.totals }
    var attemptsPerSecond: Double { seconds > 0 ? Double(totals.attempts) / seconds : 0 }
    var bytesPerRegistration: Double {
        storedRegistrations > 0 ? Double(bytesOnDisk) / Double(storedRegistrations) : 0
    }
}
