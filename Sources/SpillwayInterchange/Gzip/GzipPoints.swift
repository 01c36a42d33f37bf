/// Points that lie apart, in ascending order. Their distance grows with the file, so that their number does not.
struct GzipPoints: Sendable {
    private var points: [GzipPoint] = []
    private let maximumCount: Int
    private var spacing: UInt64

    /// - Parameters:
    ///   - maximumCount: At least 2. Each point takes up to 32 KiB.
    ///   - spacing: Decompressed bytes between two points to begin with.
    init(maximumCount: Int, spacing: UInt64) {
        precondition(maximumCount >= 2)
        self.maximumCount = maximumCount
        self.spacing = spacing
    }

    /// A point there or behind is of use.
    var next: UInt64 { (points.last?.position ?? 0) + spacing }

    mutating func append(_ point: GzipPoint) {
        guard point.position >= next else { return }
        points.append(point)
        guard points.count == maximumCount else { return }
        // Every second one stays, the last among them.
        points = points.indices.filter { ($0 - points.count) % 2 != 0 }.map { points[$0] }
        spacing *= 2
    }

    /// The last point that is not behind `position`.
    func last(before position: UInt64) -> GzipPoint? {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? points[low - 1] : nil
    }
}
