import SpillwayModel

extension RowGroupColumns {
    /// Counts the rows that were read last, all of whose columns were found sound; nil if a rollup cannot name what they
    /// hold, or the process has no room for their labels.
    func countRows(with counter: inout RollupCounter) -> Rollup? {
        guard
            let countries = words(
                of: .country, { Country($0).map { UInt64($0.index) } }, PackedAttributes.countryShift),
            let platforms = words(of: .platform, { Label($0).map { UInt64($0.code) } }, PackedAttributes.platformShift),
            let sources = words(of: .source, { Label($0).map { UInt64($0.code) } }, PackedAttributes.sourceShift)
        else { return nil }
        registeredAt.withUnsafeBufferPointer { times in
            withCodes(of: .country) { country in
                withCodes(of: .platform) { platform in
                    withCodes(of: .source) { source in
                        counter.add(count: rowCount) { row in
                            let word = countries[Int(country[row])] | platforms[Int(platform[row])]
                            let attributes = PackedAttributes(rawValue: word | sources[Int(source[row])])
                            return (times[row], SeriesKey(attributes))
                        }
                    }
                }
            }
        }
        return counter.finish()
    }

    /// What each name of a column is in a row's attributes; nil if one is nothing.
    private func words(of column: SegmentColumn, _ number: (String) -> UInt64?, _ shift: UInt64) -> [UInt64]? {
        let words = names(of: column).compactMap { number($0).map { $0 << shift } }
        return words.count == names(of: column).count ? words : nil
    }
}
