import SpillwayModel
import SpillwayStore

/// A view that a process took some time ago and still reads from.
struct HeldView {
    let system: SimulatedSystem
    let view: StoreView
    /// What it held when it was taken.
    let rows: [UInt64: Registration]
    /// The earliest time of day since: no file of the view has left the table before.
    var earliestMs: Int64
}
