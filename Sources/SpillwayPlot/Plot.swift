/// A series of a chart: one value for each step along the chart's axis of time.
package struct PlotSeries: Sendable {
    package var name: String
    package var values: [Double]

    package init(name: String, values: [Double]) {
        self.name = name
        self.values = values
    }
}
