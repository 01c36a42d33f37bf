import SpillwayPlot
import Testing

struct PlotTests {
    @Test func aSeriesHoldsItsValues() {
        #expect(PlotSeries(name: "Asia", values: [1, 2]).values == [1, 2])
    }
}
