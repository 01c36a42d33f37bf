/// What can be drawn as a picture, on a page or in a terminal.
package protocol Chart: Sendable {
    var title: String { get }

    /// A picture in a file of its own, light or dark as its reader prefers.
    func svg() -> String

    /// Lines of at most `columns` characters, down to the least it takes. Ends with a line feed.
    func text(columns: Int, glyphs: Glyphs, ink: Ink) -> String

    /// The picture as an element of a page that has the style sheet, and what the page's script is to know of it, as
    /// JSON.
    var figure: Figure { get }
}

/// A chart on a page.
package struct Figure: Sendable {
    var svg: String
    /// Nil if the picture has nothing to tell under the pointer but what it says by itself.
    var readOut: String?
}

extension Chart {
    /// In the terminal's own colour.
    package func text(columns: Int, glyphs: Glyphs) -> String { text(columns: columns, glyphs: glyphs, ink: .plain) }
}
