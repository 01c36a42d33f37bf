/// What is wrong with a record.
struct CSVProblem: Error {
    /// Index of the field, if it is a matter of one.
    var field: Int?
    let problem: String
    /// The text ends within quotes, so that nobody knows what its last lines are.
    let isUnclosed: Bool

    init(field: Int? = nil, _ problem: String, isUnclosed: Bool = false) {
        self.field = field
        self.problem = problem
        self.isUnclosed = isUnclosed
    }
}
