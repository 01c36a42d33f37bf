import Foundation
import FoundationXML
import Testing

/// The elements of a document, and its text; fails if it is not well-formed.
final class Elements: NSObject, XMLParserDelegate {
    /// What may turn up in a name, and must not become a part of the drawing.
    static let hostile = "</title><script>alert(\"1\" & '2')</script>\u{0}\u{1b}[2J"

    private(set) var names: [String: Int] = [:]
    private(set) var text = ""

    init(_ document: String) throws {
        super.init()
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = self
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
    }

    func parser(
        _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes _: [String: String]
    ) { names[name, default: 0] += 1 }

    func parser(_: XMLParser, foundCharacters characters: String) { text += characters }
}
