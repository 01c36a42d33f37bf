import Glibc
import SpillwayPlot

extension Glyphs {
    /// What the terminal can show by the environment; POSIX.1-2017, chapter 8.2, has the order.
    static var ofLocale: Glyphs {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { (name: String) in
            getenv(name).map { String(cString: $0) }
        }
        return Glyphs(locale: names.first { !$0.isEmpty } ?? "")
    }
}
