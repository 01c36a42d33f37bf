@testable import SpillwayPlot

extension TimeChart {
    /// 4 October 2021.
    static let midnightUs: Int64 = 1_633_305_600_000_000

    /// A day of hours: one series that peaks at 16:00, and one a third as large that never changes.
    static func day(title: String = "A day", form: Form = .stackedAreas) -> TimeChart {
        let wave = (0..<24).map { hour in Double(max(0, 1000 - 125 * abs(hour - 16))) }
        return TimeChart(
            title: title, subtitle: "attempts a second",
            axis: TimeAxis(startUs: midnightUs, stepUs: 3_600_000_000, count: 24), unit: .perSecond, form: form,
            series: [
                Series("Asia", color: .category(0), values: [Double](repeating: 111, count: 24)),
                Series("Latin America", color: .category(2), values: wave),
            ])
    }
}
