/// What all drawings begin with.
extension Markup {
    /// - Parameters:
    ///   - summary: The picture in words, for whoever does not see it.
    ///   - style: Left out where the page around the drawing has it.
    mutating func openPicture(
        title: String, subtitle: String, summary: String, width: Double, height: Double, style: String?
    ) {
        let size = (Self.number(width), Self.number(height))
        open(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size.0) \(size.1)", "role": "img",
                "width": size.0, "height": size.1,
            ])
        element("title", [:], title)
        element("desc", [:], summary)
        if let style { append(verbatim: "<style>\n\(style)</style>\n") }
        element("rect", ["class": "ground", "width": size.0, "height": size.1])
        element("text", ["class": "head", "x": "24", "y": "30"], Self.clipped(title, to: 90))
        element("text", ["class": "muted", "x": "24", "y": "51"], Self.clipped(subtitle, to: 140))
    }

    mutating func label(_ content: String, _ style: String = "", x: Double, y: Double) {
        element("text", ["class": style, "x": Self.number(x), "y": Self.number(y)], content)
    }

    /// A square that tells what a colour stands for.
    mutating func swatch(_ color: SeriesColor, x: Double, y: Double) {
        element(
            "rect",
            [
                "class": color.cssClass, "x": Self.number(x), "y": Self.number(y), "width": "11", "height": "11",
                "rx": "2",
            ])
    }

    static func clipped(_ text: String, to count: Int) -> String {
        text.count > count ? text.prefix(count - 1) + "…" : text
    }
}
