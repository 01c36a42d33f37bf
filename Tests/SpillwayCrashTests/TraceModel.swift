import SpillwayModel
import SpillwayTrace

/// What a store has to make of a trace: of each identity the first attempt, and nothing else.
struct TraceModel {
    let fingerprint: UInt64
    let attempts: Int
    /// In the order of the trace. The number of a registration in here is its ordinal.
    let accepted: [Registration]
    /// Which attempt each is, ascending.
    private let attemptOfAccepted: [Int]
    private let ordinals: [Identity: Int]

    init(_ trace: any Trace) throws(TraceError) {
        var accepted: [Registration] = []
        var attemptOfAccepted: [Int] = []
        var ordinals: [Identity: Int] = [:]
        var attempts = 0
        var slice = TraceSlice()
        for index in 0..<trace.sliceCount {
            try trace.readSlice(index, into: &slice)
            for row in 0..<slice.count {
                let registration = slice.batch[row]
                if ordinals[registration.identity] == nil {
                    ordinals[registration.identity] = accepted.count
                    accepted.append(registration)
                    attemptOfAccepted.append(attempts)
                }
                attempts += 1
            }
        }
        fingerprint = trace.fingerprint
        self.attempts = attempts
        self.accepted = accepted
        self.attemptOfAccepted = attemptOfAccepted
        self.ordinals = ordinals
    }

    func ordinal(of identity: Identity) -> Int? { ordinals[identity] }

    /// How many of the first `count` attempts are accepted.
    func acceptedCount(ofFirst count: Int) -> Int {
        var (low, high) = (0, attemptOfAccepted.count)
        while low < high {
            let middle = (low + high) / 2
            if attemptOfAccepted[middle] < count { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
