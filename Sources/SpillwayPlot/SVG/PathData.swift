/// The data of an SVG path, each point given by its distance from the one before: half as long as places.
struct PathData {
    private(set) var text = ""
    /// In tenths, as written: so rounding does not add up.
    private var point = (x: 0, y: 0)
    /// Where the path returns to when it is closed.
    private var start = (x: 0, y: 0)

    mutating func move(to x: Double, _ y: Double) {
        append("m", x, y)
        start = point
    }

    mutating func line(to x: Double, _ y: Double) { append("l", x, y) }

    mutating func close() {
        text += "z"
        point = start
    }

    private mutating func append(_ command: String, _ x: Double, _ y: Double) {
        let next = (x: Int((x * 10).rounded()), y: Int((y * 10).rounded()))
        let (right, down) = (Markup.tenths(next.x - point.x), Markup.tenths(next.y - point.y))
        text += "\(command)\(right)\(down.hasPrefix("-") ? "" : " ")\(down)"
        point = next
    }
}
