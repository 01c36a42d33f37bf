internal import SpillwayModel

/// How a slice is made: a sort key for each attempt that arrives in it, then the keys in order, then the columns
/// row by row from the keys. Only keys are moved, and all columns are written in order.
extension ScenarioTrace {
    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        precondition(index >= 0 && index < sliceCount)
        makeRuns(of: index, &slice.runs)
        var count = 0
        makeKeys(of: index, slice.runs, &slice.keys, &count)
        SliceKey.sort(&slice.keys, count: count, room: &slice.sortRoom)
        slice.resize(to: count)
        makeRows(
            of: index, slice.runs, slice.keys, count: count, &slice.batch.registeredAt, &slice.batch.identity,
            &slice.batch.country, &slice.batch.platform, &slice.batch.source, &slice.batch.latencyUs,
            &slice.arrivedAt)
    }

    /// The keys of those attempts of the runs that arrive in slice `index`.
    private func makeKeys(of index: Int, _ runs: [AttemptRun], _ keys: inout [UInt64], _ count: inout Int) {
        for (number, run) in runs.enumerated() {
            let needed = count + run.count
            if keys.count < needed { keys.resize(to: max(needed, keys.count * 2), filler: 0) }
            var room = keys.mutableSpan
            addKeys(of: run, number: number, lag: index - run.origin, &room, &count)
        }
    }

    @inline(__always)
    private func addKeys(
        of run: AttemptRun, number: Int, lag: Int, _ keys: inout MutableSpan<UInt64>, _ count: inout Int
    ) {
        let shapes = schedule.seconds
        let place = run.secondsPlace
        let sliceUs = UInt64(Schedule.sliceUs)
        let lagUs = Int64(lag) * Schedule.sliceUs
        let drawKey = people[run.country].drawKey
        // Of the originals of the slice before, few arrive in this one; their time tells without another draw.
        let earliestUs = run.kind == .original ? UInt64(lagUs) - min(UInt64(lagUs), arrivalJitterUs) : 0
        for index in 0..<run.count {
            let draws = Draws(key: drawKey, counter: run.first + UInt64(index))
            let time = shapes.timeUs(draws[Draws.time].high, place: place)
            if time < earliestUs { continue }
            let arrivalUs = run.times(index, draws, timeUs: time, jitterUs: arrivalJitterUs).arrivalUs - lagUs
            let arrival = UInt64(bitPattern: arrivalUs)
            if arrival < sliceUs {
                keys[count] = SliceKey.bits(arrivalUs: arrival, run: number, index: index)
                count += 1
            }
        }
    }

    private func makeRows(
        of index: Int, _ runList: [AttemptRun], _ keys: [UInt64], count: Int, _ times: inout [Timestamp],
        _ identities: inout [Identity],
        _ countryColumn: inout [Country], _ platformColumn: inout [Label], _ sourceColumn: inout [Label],
        _ latencies: inout [Int32], _ arrivals: inout [Timestamp]
    ) {
        let sliceStart = scenario.start.rawValue + Int64(index) * Schedule.sliceUs
        let runs = runList.span
        let shapes = schedule.seconds
        var registeredAt = times.mutableSpan
        var identity = identities.mutableSpan
        var country = countryColumn.mutableSpan
        var platform = platformColumn.mutableSpan
        var source = sourceColumn.mutableSpan
        var latencyUs = latencies.mutableSpan
        var arrivedAt = arrivals.mutableSpan
        for row in 0..<count {
            let key = SliceKey(keys[row])
            let run = runs[key.run]
            let person = people[run.country]
            let counter = run.first + UInt64(key.index)
            let draws = Draws(key: person.drawKey, counter: counter)
            let time = shapes.timeUs(draws[Draws.time].high, place: run.secondsPlace)
            let sentUs = run.times(key.index, draws, timeUs: time, jitterUs: arrivalJitterUs).sentUs
            let originStart = sliceStart - Int64(index - run.origin) * Schedule.sliceUs
            let labels = draws[Draws.platformAndSource]
            registeredAt[row] = Timestamp(rawValue: originStart + sentUs + skewUs(draws))
            identity[row] = Identity(
                rawValue: numberPlans[run.country].number(at: person.permutation[counter]))
            country[row] = person.country
            platform[row] = platforms[person.profile].label(labels.high)
            source[row] = sources[person.profile].label(labels.low)
            latencyUs[row] = self.latencyUs(run, draws)
            arrivedAt[row] = Timestamp(rawValue: sliceStart + Int64(key.arrivalUs))
            if run.kind == .invalid {
                Self.spoil(
                    draws[Draws.whatIsInvalid].high, &country[row], &platform[row], &source[row], &latencyUs[row])
            }
        }
    }

    @inline(__always)
    private func latencyUs(_ run: AttemptRun, _ draws: Draws) -> Int32 {
        let bits = draws[Draws.latencyAndDelay(run.kind.slot(run.number))].high
        // 2³² − 1 is the last quantile that there is.
        let quantile = min(run.firstQuantile + (bits &* run.quantiles) >> 32, 0xffff_ffff)
        let us = latency.latencyUs(quantile)
        return run.slowdown == 1 ? us : Int32(min(Double(us) * Double(run.slowdown), Double(Int32.max)))
    }

    /// How far the client's clock is off.
    @inline(__always)
    private func skewUs(_ draws: Draws) -> Int64 {
        guard let clocks else { return 0 }
        let bits = draws[Draws.clock]
        guard bits.high < clocks.threshold else { return 0 }
        return Int64(truncatingIfNeeded: scaled(bits.low, to: 2 * clocks.skewUs)) - Int64(clocks.skewUs)
    }

    /// Makes an attempt one that no engine takes, in one of four ways.
    private static func spoil(
        _ bits: UInt64, _ country: inout Country, _ platform: inout Label, _ source: inout Label,
        _ latencyUs: inout Int32
    ) {
        switch bits & 3 {
        case 0: country = .unknown
        case 1: platform = .invalid
        case 2: source = .invalid
        default: latencyUs = -1
        }
    }
}
