internal import SpillwayModel

extension TraceSlice {
    /// Bytes of all columns.
    var byteCount: Int { count * Self.rowBytes }

    /// Of one row: four columns of times and identities, two of labels, one of countries.
    private static let rowBytes =
        2 * MemoryLayout<Timestamp>.stride + MemoryLayout<Identity>.stride + MemoryLayout<Country>.stride
        + 2 * MemoryLayout<Label>.stride + MemoryLayout<Int32>.stride

    /// A copy of the attempts that arrive within `times`, in microseconds since 1970, in the order they have here.
    func attempts(arrivingIn times: ClosedRange<Int64>) -> TraceSlice {
        let rows = arrivedAt.indices.filter { times.contains(arrivedAt[$0].rawValue) }
        var part = TraceSlice()
        part.batch.registeredAt = batch.registeredAt.elements(at: rows)
        part.batch.identity = batch.identity.elements(at: rows)
        part.batch.country = batch.country.elements(at: rows)
        part.batch.platform = batch.platform.elements(at: rows)
        part.batch.source = batch.source.elements(at: rows)
        part.batch.latencyUs = batch.latencyUs.elements(at: rows)
        part.arrivedAt = arrivedAt.elements(at: rows)
        return part
    }

    /// Replaces the attempts by those of all `parts`, by arrival; those that arrive together in the order of the parts
    /// and of each part.
    ///
    /// - Parameter start: no attempt arrives before; microseconds since 1970.
    /// - Complexity: O(*n*) for each 11 bits of the time that they arrive in
    mutating func merge(_ parts: [TraceSlice], from start: Int64) {
        keys.removeAll(keepingCapacity: true)
        for part in parts {
            keys += part.arrivedAt.lazy.map { UInt64(bitPattern: $0.rawValue &- start) }
        }
        let places = keys.ranks()
        resize(to: places.count)
        var first = 0
        for part in parts {
            let places = places.span.extracting(first..<first + part.count)
            first += part.count
            batch.registeredAt.place(part.batch.registeredAt, at: places)
            batch.identity.place(part.batch.identity, at: places)
            batch.country.place(part.batch.country, at: places)
            batch.platform.place(part.batch.platform, at: places)
            batch.source.place(part.batch.source, at: places)
            batch.latencyUs.place(part.batch.latencyUs, at: places)
            arrivedAt.place(part.arrivedAt, at: places)
        }
    }
}

extension Array {
    fileprivate func elements(at rows: [Int]) -> [Element] { rows.map { self[$0] } }

    fileprivate mutating func place(_ elements: [Element], at places: Span<Int>) {
        for (index, element) in elements.enumerated() { self[places[index]] = element }
    }
}

extension [UInt64] {
    /// The place that each element has among all in ascending order; equal ones keep their order.
    ///
    /// A radix sort, lowest digit first, of as many digits as the greatest element has. Only places move.
    fileprivate func ranks() -> [Int] {
        let digitBits = 11
        let width = UInt64.bitWidth - (self.max() ?? 0).leadingZeroBitCount
        var order = Array<Int>(indices)
        var room = order
        for shift in Swift.stride(from: 0, to: width, by: digitBits) {
            var next = [Int](repeating: 0, count: 1 << digitBits)
            let digit = { (element: UInt64) in Int(truncatingIfNeeded: element >> UInt64(shift)) & (1 << digitBits - 1)
            }
            for element in self { next[digit(element)] += 1 }
            var sum = 0
            for value in next.indices { (next[value], sum) = (sum, sum + next[value]) }
            for index in order {
                let value = digit(self[index])
                room[next[value]] = index
                next[value] += 1
            }
            swap(&order, &room)
        }
        for (place, index) in order.enumerated() { room[index] = place }
        return room
    }
}
