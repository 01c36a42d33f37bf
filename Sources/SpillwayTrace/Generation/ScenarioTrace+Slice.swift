internal import SpillwayModel

/// How a slice is made: a sort key for each attempt that arrives in it, then the keys in order, then the columns
/// row by row from the keys. Only keys are moved, and all columns are written in order.
extension ScenarioTrace {
    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        precondition(index >= 0 && index < sliceCount)
        var count = 0
        if index < schedule.sliceCount { makeKeys(of: index, spilling: false, &slice.keys, &count) }
        if index > 0 { makeKeys(of: index - 1, spilling: true, &slice.keys, &count) }
        SliceKey.sort(&slice.keys, count: count, room: &slice.sortRoom)
        slice.resize(to: count)
        makeRows(
            of: index, slice.keys, count: count, &slice.batch.registeredAt, &slice.batch.identity,
            &slice.batch.country, &slice.batch.platform, &slice.batch.source, &slice.batch.latencyUs,
            &slice.arrivedAt)
    }

    /// Appends the keys of the attempts of registrations of slice `index` that arrive within that slice, or of
    /// those that spill over into the next.
    private func makeKeys(of index: Int, spilling: Bool, _ keys: inout [UInt64], _ count: inout Int) {
        let attemptsPerRegistration = retries.limit + 1
        for country in people.indices {
            let counters = schedule.counters(slice: index, country: country)
            var first = counters.lowerBound
            while first < counters.upperBound {
                // In stretches, so that there is room for all their attempts without asking for each.
                let end = min(first + 4096, counters.upperBound)
                let needed = count + Int(end - first) * attemptsPerRegistration
                if keys.count < needed { keys.resize(to: max(needed, keys.count * 2), filler: 0) }
                var room = keys.mutableSpan
                let origin = SliceKey(country: country, isSpill: spilling)
                if spilling {
                    addSpill(first..<end, since: counters.lowerBound, origin, &room, &count)
                } else {
                    addOwn(first..<end, since: counters.lowerBound, origin, &room, &count)
                }
                first = end
            }
        }
    }

    @inline(__always)
    private func addOwn(
        _ counters: Range<UInt64>, since base: UInt64, _ origin: SliceKey, _ keys: inout MutableSpan<UInt64>,
        _ count: inout Int
    ) {
        let sliceUs = UInt64(Schedule.sliceUs)
        let drawKey = people[origin.country].drawKey
        for counter in counters {
            let draws = Draws(key: drawKey, counter: counter)
            let (timeBits, retryBits) = draws[Draws.timeAndRetries]
            let timeUs = scaled(timeBits, to: sliceUs)
            let arrivalUs = timeUs + arrivalDelayUs(draws, attempt: 0)
            if arrivalUs < sliceUs {
                keys[count] = origin.key(arrivalUs: arrivalUs, attempt: 0, delta: counter - base)
                count += 1
            }
            guard retries.hasRetry(1, retryBits) else { continue }
            forEachRetry(draws, retryBits, from: timeUs) { attempt, arrivalUs in
                guard arrivalUs < sliceUs else { return }
                keys[count] = origin.key(arrivalUs: arrivalUs, attempt: attempt, delta: counter - base)
                count += 1
            }
        }
    }

    @inline(__always)
    private func addSpill(
        _ counters: Range<UInt64>, since base: UInt64, _ origin: SliceKey, _ keys: inout MutableSpan<UInt64>,
        _ count: inout Int
    ) {
        let sliceUs = UInt64(Schedule.sliceUs)
        let originalsFromUs = sliceUs - arrivalJitterUs
        let retriesFromUs = originalsFromUs - retries.horizonUs
        let drawKey = people[origin.country].drawKey
        for counter in counters {
            let draws = Draws(key: drawKey, counter: counter)
            let (timeBits, retryBits) = draws[Draws.timeAndRetries]
            let timeUs = scaled(timeBits, to: sliceUs)
            // Most registrations are done with within their slice, and this tells without further draws.
            let mayRetry = retries.hasRetry(1, retryBits) && timeUs >= retriesFromUs
            guard mayRetry || timeUs >= originalsFromUs else { continue }
            let arrivalUs = timeUs + arrivalDelayUs(draws, attempt: 0)
            if arrivalUs >= sliceUs {
                keys[count] = origin.key(arrivalUs: arrivalUs - sliceUs, attempt: 0, delta: counter - base)
                count += 1
            }
            guard mayRetry else { continue }
            forEachRetry(draws, retryBits, from: timeUs) { attempt, arrivalUs in
                guard arrivalUs >= sliceUs else { return }
                keys[count] = origin.key(
                    arrivalUs: arrivalUs - sliceUs, attempt: attempt, delta: counter - base)
                count += 1
            }
        }
    }

    @inline(__always)
    private func forEachRetry(
        _ draws: Draws, _ retryBits: UInt64, from timeUs: UInt64, _ body: (Int, UInt64) -> Void
    ) {
        var sentUs = timeUs
        var attempt = 1
        while retries.hasRetry(attempt, retryBits) {
            sentUs += retries.waitUs(before: attempt, draws[Draws.wait(before: attempt)].high)
            body(attempt, sentUs + arrivalDelayUs(draws, attempt: attempt))
            attempt += 1
        }
    }

    /// Below the jitter; 0 if there is none.
    @inline(__always)
    private func arrivalDelayUs(_ draws: Draws, attempt: Int) -> UInt64 {
        scaled(draws[Draws.latencyAndDelay(of: attempt)].low, to: arrivalJitterUs)
    }

    private func makeRows(
        of index: Int, _ keys: [UInt64], count: Int, _ times: inout [Timestamp],
        _ identities: inout [Identity],
        _ countryColumn: inout [Country], _ platformColumn: inout [Label], _ sourceColumn: inout [Label],
        _ latencies: inout [Int32], _ arrivals: inout [Timestamp]
    ) {
        let sliceStart = scenario.start.rawValue + Int64(index) * Schedule.sliceUs
        var registeredAt = times.mutableSpan
        var identity = identities.mutableSpan
        var country = countryColumn.mutableSpan
        var platform = platformColumn.mutableSpan
        var source = sourceColumn.mutableSpan
        var latencyUs = latencies.mutableSpan
        var arrivedAt = arrivals.mutableSpan
        for row in 0..<count {
            let key = SliceKey(keys[row])
            let person = people[key.country]
            let origin = index - (key.isSpill ? 1 : 0)
            let counter = schedule.counters(slice: origin, country: key.country).lowerBound + key.delta
            let draws = Draws(key: person.drawKey, counter: counter)
            var sentUs = scaled(draws[Draws.timeAndRetries].high, to: UInt64(Schedule.sliceUs))
            if key.attempt > 0 {
                for attempt in 1...key.attempt {
                    sentUs += retries.waitUs(before: attempt, draws[Draws.wait(before: attempt)].high)
                }
            }
            let originStart = key.isSpill ? sliceStart - Schedule.sliceUs : sliceStart
            let labels = draws[Draws.platformAndSource]
            registeredAt[row] = Timestamp(rawValue: originStart + Int64(sentUs))
            identity[row] = Identity(
                rawValue: numberPlans[key.country].number(at: person.permutation[counter]))
            country[row] = person.country
            platform[row] = platforms[person.profile].label(labels.high)
            source[row] = sources[person.profile].label(labels.low)
            latencyUs[row] = latency.latencyUs(draws[Draws.latencyAndDelay(of: key.attempt)].high)
            arrivedAt[row] = Timestamp(rawValue: sliceStart + Int64(key.arrivalUs))
        }
    }
}

/// What each draw of a registration is for.
extension Draws {
    static let timeAndRetries = 0
    static let platformAndSource = 1
    @inline(__always)
    static func latencyAndDelay(of attempt: Int) -> Int { 2 + 2 * attempt }
    @inline(__always)
    static func wait(before attempt: Int) -> Int { 3 + 2 * attempt }
}
