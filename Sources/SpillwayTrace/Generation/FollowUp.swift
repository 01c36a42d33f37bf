/// What an attempt of a scenario is.
enum AttemptKind: UInt8 {
    /// The first one of a registration.
    case original
    /// An original that arrives long after it was made.
    case late
    /// One before the original that no engine takes.
    case invalid
    case doubleTap
    case resend
    case retry

    /// Room for the draws of all attempts of a registration, by kind and number.
    @inline(__always)
    func slot(_ number: Int) -> Int {
        switch self {
        case .original: 0
        case .late: 1
        case .doubleTap: 2
        case .resend: 1000 + number
        case .retry: 2000 + number
        case .invalid: 3000 + number
        }
    }
}

/// One kind of further attempts: when each is sent, counted from the registration, and in which minutes it can arrive.
struct FollowUp: Sendable {
    struct Window: Sendable {
        var shortestUs: Int64
        /// What comes on top at most: each attempt has its own place in it.
        var spreadUs: Int64
    }

    let kind: AttemptKind
    /// Of number n at n − 1.
    let windows: [Window]
    /// The numbers that can arrive so many slices after their registration's, by that number of slices.
    let numbersByLag: [[Int]]

    /// - Parameter arrivalJitterUs: What an attempt takes to arrive, at most.
    init(_ kind: AttemptKind, _ windows: [Window], arrivalJitterUs: Int64) {
        self.kind = kind
        self.windows = windows
        var numbersByLag: [[Int]] = []
        for (index, window) in windows.enumerated() {
            // A registration may be at either end of its slice.
            let lags =
                Int(
                    window.shortestUs / Schedule.sliceUs)...Int(
                    (window.shortestUs + window.spreadUs + arrivalJitterUs) / Schedule.sliceUs + 1)
            while numbersByLag.count <= lags.upperBound { numbersByLag.append([]) }
            for lag in lags { numbersByLag[lag].append(index + 1) }
        }
        self.numbersByLag = numbersByLag
    }

    /// The kinds of further attempts in a scenario.
    static func all(of clients: Clients) -> [FollowUp] {
        var all: [FollowUp] = []
        func add(_ kind: AttemptKind, _ windows: [Window]) {
            all.append(FollowUp(kind, windows, arrivalJitterUs: clients.arrivalJitterUs))
        }
        if let taps = clients.doubleTaps {
            add(.doubleTap, [Window(DoubleTaps.shortestUs...taps.withinUs)])
        }
        if let resends = clients.resends { add(.resend, resends.repetition.windows) }
        if let retries = clients.retries { add(.retry, retries.repetition.windows) }
        return all
    }

    /// Of the registrations of a slice, about how many have attempt `number` arrive `lag` slices later.
    func part(of number: Int, lag: Int) -> Double {
        let window = windows[number - 1]
        let steps = 60
        return (0..<steps).reduce(0) { sum, step in
            let startUs = Double(window.shortestUs) + (Double(step) + 0.5) * Double(Schedule.sliceUs) / Double(steps)
            let (from, until) = (Double(lag) * Double(Schedule.sliceUs), Double(lag + 1) * Double(Schedule.sliceUs))
            let spreadUs = max(1, Double(window.spreadUs))
            let inside = min(until, startUs + spreadUs) - max(from, startUs)
            return sum + max(0, inside) / spreadUs / Double(steps)
        }
    }
}

extension FollowUp.Window {
    init(_ range: ClosedRange<Int64>) {
        self.init(shortestUs: range.lowerBound, spreadUs: range.upperBound - range.lowerBound)
    }
}

extension Repetition {
    fileprivate var windows: [FollowUp.Window] { (1...limit).map { FollowUp.Window(windowUs(of: $0)) } }
}
