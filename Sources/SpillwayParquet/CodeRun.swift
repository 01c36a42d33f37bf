/// So many rows, one after the other, that hold the same code.
package struct CodeRun: Hashable, Sendable {
    package var code: UInt16
    package var count: Int

    package init(_ code: UInt16, count: Int) {
        self.code = code
        self.count = count
    }
}

extension [CodeRun] {
    /// Makes the last run longer, or begins another.
    package mutating func append(_ code: UInt16, count: Int) {
        if let last = indices.last, self[last].code == code {
            self[last].count += count
        } else if count > 0 {
            append(CodeRun(code, count: count))
        }
    }

    /// The runs of each page of `pageRows` rows, the last one maybe of fewer.
    func divided(by pageRows: Int) -> [[CodeRun]] {
        var pages: [[CodeRun]] = []
        var room = 0
        for run in self {
            var left = run.count
            while left > 0 {
                if room == 0 {
                    pages.append([])
                    room = pageRows
                }
                let taken = Swift.min(left, room)
                pages[pages.count - 1].append(CodeRun(run.code, count: taken))
                left -= taken
                room -= taken
            }
        }
        return pages
    }
}
