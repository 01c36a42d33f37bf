import SpillwayModel

extension QueryRun {
    /// The busiest second or minute of each group.
    ///
    /// - Parameter unit: its microseconds.
    func peaks(unit: Int64, _ slices: [TimeSlice], _ groups: SortedGroups) throws -> [QueryPeak?] {
        var peaks = [QueryPeak?](repeating: nil, count: groups.keys.count)
        try forEachUnit(unit, slices, groups) { group, time, count in
            if count > peaks[group]?.registrations ?? 0 { peaks[group] = QueryPeak(time: time, registrations: count) }
        }
        return peaks
    }

    /// The first and the last time of registration of each group.
    func times(_ slices: [TimeSlice], _ groups: SortedGroups) throws -> [ClosedRange<Timestamp>?] {
        var slices = slices
        if plan.countsFromRollups, plan.every == nil { slices = try outerMinutes(slices, groups) }
        return try scan.times(slices.compactMap { ScanPart(plan, $0, snapshot) }, names, groups)
    }

    /// The minutes of the slices in which some group has its first registration or its last.
    private func outerMinutes(_ slices: [TimeSlice], _ groups: SortedGroups) throws -> [TimeSlice] {
        var outer = [(first: Timestamp, last: Timestamp)?](repeating: nil, count: groups.keys.count)
        try forEachUnit(Minute.microseconds, slices, groups) { group, time, _ in
            outer[group] = (outer[group]?.first ?? time, time)
        }
        let starts = Set(outer.compactMap(\.self).flatMap { [$0.first.rawValue, $0.last.rawValue] }).sorted()
        var ranges: [ClosedRange<Int64>] = []
        for start in starts {
            let end = start.addingClamped(Minute.microseconds - 1)
            if let last = ranges.last, last.upperBound == start - 1 {
                ranges[ranges.count - 1] = last.lowerBound...end
            } else {
                ranges.append(start...end)
            }
        }
        return slices.flatMap { slice in
            ranges.filter(slice.times.overlaps).map { range in
                TimeSlice(times: range.clamped(to: slice.times), numbering: slice.numbering)
            }
        }
    }

    /// Calls `body` with each second or minute of a group in which there are registrations, in order of time.
    private func forEachUnit(
        _ unit: Int64, _ slices: [TimeSlice], _ groups: SortedGroups,
        _ body: (_ group: Int, _ start: Timestamp, _ registrations: Int) -> Void
    ) throws {
        let numbers = groups.numbers
        let valueCount = zip(groups.keys, groups.keys.dropFirst()).count { $0.values != $1.values } + 1
        // As long as leaves room for a count of each second or minute of each of them.
        let units = max(1, scan.memory.maximumGroupCount / 2 / valueCount)
        for slice in slices {
            for part in slice.divided(unit: unit, count: units) {
                var totals = try count(plan, [part]).totals
                guard let numbering = part.numbering else { continue }
                for values in Array(totals.values) {
                    let (buckets, counts) = totals.take(values)
                    for (bucket, count) in zip(buckets, counts) {
                        let start = numbering.start(ofBucket: bucket)
                        let counted = max(start, Timestamp(rawValue: part.times.lowerBound))
                        let key = GroupKey(values: values, bucket: slice.numbering?.bucket(of: counted) ?? 0)
                        if let group = numbers[key] { body(group, start, count) }
                    }
                }
            }
        }
    }
}

extension TimeSlice {
    /// Parts of the slice in order, each of at most `count` units and with them for buckets.
    fileprivate func divided(unit: Int64, count: Int) -> [TimeSlice] {
        let units = BucketNumbering(microseconds: unit, offsetUs: numbering?.offsetUs ?? 0)
        var parts: [TimeSlice] = []
        var low = times.lowerBound
        while true {
            let bucket = units.bucket(of: Timestamp(rawValue: low)) + Int64(count)
            // Past the last time there is, the product would not fit.
            let isLast = bucket > units.bucket(of: Timestamp(rawValue: times.upperBound))
            let high = isLast ? times.upperBound : units.start(ofBucket: bucket).rawValue - 1
            parts.append(TimeSlice(times: low...high, numbering: units))
            if isLast { return parts }
            low = high + 1
        }
    }
}
