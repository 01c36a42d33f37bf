import Glibc
import SpillwayPlatform
import SpillwayPlot

extension Ink {
    /// Colours where a person looks who wants them: no-color.org, and terminals that say that they can do nothing.
    static var ofTerminal: Ink {
        func value(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        let isWanted = value("NO_COLOR").isEmpty && !["", "dumb"].contains(value("TERM"))
        return Terminal.isInteractive(.output) && isWanted ? .colors256 : .plain
    }
}
