/// Which attempts can arrive in a slice.
extension ScenarioTrace {
    /// Replaces `runs` by those of the attempts that can arrive in slice `index`, of its own registrations and of those
    /// before it.
    func makeRuns(of index: Int, _ runs: inout [AttemptRun]) {
        runs.removeAll(keepingCapacity: true)
        for lag in 0...min(index, maximumLag) where index - lag < schedule.sliceCount {
            let origin = index - lag
            let followUps = followUps.filter { canArrive($0, lag: lag, origin: origin) }
            let lateWindow = late.flatMap { lag < $0.numbersByLag.count ? $0.windows[0] : nil }
            if followUps.isEmpty, lateWindow == nil, lag > originalLag { continue }
            for country in people.indices {
                let counters = schedule.counters(slice: origin, country: country)
                if counters.isEmpty { continue }
                let cohort = Cohort(
                    counters, country: country, origin: origin, key: people[country].drawKey,
                    lateShare: scenario.clients.late?.share ?? 0)
                if lag <= originalLag {
                    addOriginals(cohort, &runs)
                    addInvalid(cohort, &runs)
                }
                if let lateWindow { addLate(cohort, lateWindow, lag, &runs) }
                for followUp in followUps {
                    for number in followUp.numbersByLag[lag] { add(followUp, number, cohort, lag, &runs) }
                }
            }
        }
    }

    /// Whether any attempt of this kind can arrive `lag` slices after its registration's. One that would not happen in a
    /// thousand such slices does not: long tails would have every slice ask all those of a day before it.
    private func canArrive(_ followUp: FollowUp, lag: Int, origin: Int) -> Bool {
        guard lag < followUp.numbersByLag.count, let number = followUp.numbersByLag[lag].first else { return false }
        let share = forecast.share(of: followUp.kind, number, slice: origin)
        return share * Double(schedule.total(slice: origin)) > 0.001
    }

    private func addOriginals(_ cohort: Cohort, _ runs: inout [AttemptRun]) {
        var run = AttemptRun(.original, country: cohort.country, origin: cohort.origin)
        guard hasTimeout else { return append(run, cohort.punctual, place: 0, &runs) }
        let followed = cohort.count(.retry, share: forecast.share(of: .retry, 1, slice: cohort.origin))
        forEachFate(0..<cohort.punctual.count, followed: followed, of: &run) { run, ranks in
            cohort.forEachStretch(.retry, ranks) { counters, _ in append(run, counters, place: 0, &runs) }
        }
    }

    private func addInvalid(_ cohort: Cohort, _ runs: inout [AttemptRun]) {
        let limit = forecast.invalidLimit(slice: cohort.origin)
        if limit == 0 { return }
        for number in 1...limit {
            let count = cohort.count(.invalid, share: forecast.share(of: .invalid, number, slice: cohort.origin))
            let run = AttemptRun(.invalid, number, country: cohort.country, origin: cohort.origin)
            cohort.forEachStretch(.invalid, 0..<count) { counters, _ in append(run, counters, place: 0, &runs) }
        }
    }

    private func addLate(_ cohort: Cohort, _ window: FollowUp.Window, _ lag: Int, _ runs: inout [AttemptRun]) {
        if cohort.late.isEmpty { return }
        var run = AttemptRun(.late, country: cohort.country, origin: cohort.origin)
        let places = places(in: window, count: cohort.late.count, lag: lag, &run)
        let first = cohort.late.lowerBound + UInt64(places.lowerBound)
        append(run, first..<first + UInt64(places.count), place: places.lowerBound, &runs)
    }

    private func add(
        _ followUp: FollowUp, _ number: Int, _ cohort: Cohort, _ lag: Int, _ runs: inout [AttemptRun]
    ) {
        let kind = followUp.kind
        let count = cohort.count(kind, share: forecast.share(of: kind, number, slice: cohort.origin))
        if count == 0 { return }
        var run = AttemptRun(kind, number, country: cohort.country, origin: cohort.origin)
        let places = places(in: followUp.windows[number - 1], count: count, lag: lag, &run)
        let hasNext = hasTimeout && kind == .retry && number < followUp.windows.count
        let followed =
            hasNext ? cohort.count(kind, share: forecast.share(of: kind, number + 1, slice: cohort.origin)) : 0
        cohort.forEachRank(kind, number, places: places, of: count) { ranks, firstPlace in
            var fated = run
            if hasNext {
                forEachFate(ranks, followed: followed, of: &fated) { run, part in
                    cohort.forEachStretch(kind, part) { counters, rank in
                        append(run, counters, place: firstPlace + rank - ranks.lowerBound, &runs)
                    }
                }
            } else {
                cohort.forEachStretch(kind, ranks) { counters, rank in
                    append(run, counters, place: firstPlace + rank - ranks.lowerBound, &runs)
                }
            }
        }
    }

    /// The places in a window, out of `count`, that arrive `lag` slices after their registrations' or nearly so.
    private func places(
        in window: FollowUp.Window, count: Int, lag: Int, _ run: inout AttemptRun
    ) -> Range<Int> {
        run.shortestUs = window.shortestUs
        run.strideUs = Double(window.spreadUs) / Double(count)
        guard window.spreadUs > 0 else { return 0..<count }
        let lagUs = Int64(lag) * Schedule.sliceUs - window.shortestUs
        let earliest = Double(lagUs - Schedule.sliceUs - Int64(arrivalJitterUs)) / run.strideUs
        let latest = Double(lagUs + Schedule.sliceUs) / run.strideUs
        let first = min(max(0, earliest.rounded(.down) - 1), Double(count))
        let end = min(max(first, latest.rounded(.up) + 1), Double(count))
        return Int(first)..<Int(end)
    }

    /// Divides ranks among those that a retry follows, which are below `followed`, and the others: the former's latency
    /// is longer than the timeout, the latter's is not.
    private func forEachFate(
        _ ranks: Range<Int>, followed: Int, of run: inout AttemptRun, _ body: (AttemptRun, Range<Int>) -> Void
    ) {
        let share = UInt64(forecast.retryShare(slice: run.origin) * 0x1p32)
        let middle = min(max(followed, ranks.lowerBound), ranks.upperBound)
        run.firstQuantile = 1 << 32 - share
        run.quantiles = share
        body(run, ranks.lowerBound..<middle)
        run.firstQuantile = 0
        run.quantiles = 1 << 32 - share
        body(run, middle..<ranks.upperBound)
    }

    private func append(
        _ run: AttemptRun, _ counters: Range<UInt64>, place: Int, _ runs: inout [AttemptRun]
    ) {
        var run = run
        run.secondsPlace = schedule.seconds.place(of: run.origin)
        run.slowdown = forecast.slowdowns.isEmpty ? 1 : forecast.slowdowns[run.origin]
        var first = counters.lowerBound
        while first < counters.upperBound {
            run.first = first
            run.count = min(AttemptRun.maximumCount, Int(counters.upperBound - first))
            run.place = place + Int(first - counters.lowerBound)
            runs.append(run)
            first += UInt64(run.count)
        }
    }
}
