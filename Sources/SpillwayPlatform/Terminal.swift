import Glibc

/// The standard streams, and what the terminal behind them can show.
package enum Terminal {
    package enum Stream: Int32, Sendable {
        case output = 1
        case error = 2
    }

    /// Whether a person looks at the stream.
    package static func isInteractive(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Columns of the terminal behind the stream; nil if there is none, or it does not say.
    package static func width(_ stream: Stream) -> Int? {
        var size = winsize()
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all of the text.
    package static func write(_ text: String, to stream: Stream) throws(SystemError) {
        var text = text
        let failure = text.withUTF8 { bytes in Self.failure(writing: UnsafeRawBufferPointer(bytes), to: stream) }
        if let failure { throw failure }
    }

    /// Writes all of the bytes.
    package static func write(_ bytes: [UInt8], to stream: Stream) throws(SystemError) {
        let failure = bytes.withUnsafeBytes { Self.failure(writing: $0, to: stream) }
        if let failure { throw failure }
    }

    private static func failure(writing bytes: UnsafeRawBufferPointer, to stream: Stream) -> SystemError? {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(stream.rawValue, base, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 {
                return SystemError(call: "write", path: stream == .output ? "standard output" : "standard error")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }
}
