import SpillwayModel
import SpillwayPlot

extension Region {
    /// The same in every chart.
    var color: SeriesColor { .category(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension TimeChart.Series {
    init(_ region: Region, _ values: [Double]) { self.init(region.rawValue, color: region.color, values: values) }
}
