/// What some work took, or several times the same.
package struct TimeSpent: Hashable, Sendable {
    /// How often it was done.
    package var count: Int
    /// Processor time of the threads that did it, user and system: waiting is not in it, but going to sleep is.
    package var processorNs: Int64
    /// By the clock, waiting included; threads that do it at once add up.
    package var elapsedUs: Int64

    package init(count: Int = 0, processorNs: Int64 = 0, elapsedUs: Int64 = 0) {
        self.count = count
        self.processorNs = processorNs
        self.elapsedUs = elapsedUs
    }

    package static func += (total: inout TimeSpent, part: TimeSpent) {
        total.count += part.count
        total.processorNs += part.processorNs
        total.elapsedUs += part.elapsedUs
    }
}
