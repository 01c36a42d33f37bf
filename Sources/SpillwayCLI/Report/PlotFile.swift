import ArgumentParser
import SpillwayPlatform
import SpillwayPlot

/// A file that a plot is drawn into, of the kind that its name says.
struct PlotFile: ExpressibleByArgument {
    private enum Kind: String {
        case svg, html
    }

    let path: String
    private let kind: Kind

    init?(argument: String) {
        let name = argument.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
            let kind = Kind(rawValue: name[name.index(after: dot)...].lowercased())
        else { return nil }
        path = argument
        self.kind = kind
    }

    /// Says what would have been right.
    static func parsed(_ argument: String) throws -> PlotFile {
        guard let file = PlotFile(argument: argument) else {
            throw ValidationError("'\(argument)' does not end in .svg or .html, the two kinds of file that plots go to")
        }
        return file
    }

    static let help = ArgumentHelp(
        "Draw it into a file, .svg or .html; give it again for another.", valueName: "file")

    /// Draws the first of the page's charts, or all of the page.
    func write(_ page: Page) throws {
        let text =
            switch kind {
            case .svg: page.charts.first?.svg() ?? ""
            case .html: page.html()
            }
        try PosixSystem().replace(path, by: Array(text.utf8))
    }
}
