import ArgumentParser
import SpillwayModel
import SpillwayPlatform
import SpillwayTrace

/// How a recording is read that another program wrote.
struct RecordingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The recording's own names of columns, such as identity=phone,registered_at=created_at; after two equals \
            signs, the value of all rows: country==IN.
            """, valueName: "column=name,…"),
        transform: { try RecordingMapping(argument: $0) })
    var map = RecordingMapping()

    @Option(help: "What a recording's identities are: number, or hash for text of any kind, which is hashed.")
    var identity = IdentityKind.number

    @Option(
        help: ArgumentHelp(
            "The file with the key that identities are hashed under, 32 hexadecimal digits.", valueName: "file"),
        completion: .file())
    var identityKey: String?

    @Option(help: "At a row that cannot be read: stop, or skip it and report it at the end.")
    var onError = BadRowPolicy.stop

    enum IdentityKind: String, CaseIterable, ExpressibleByArgument {
        case number, hash
    }

    private static let howToMakeAKey = "make one with: openssl rand -hex 16 > key, and keep it as long as the store"

    func validate() throws {
        switch (identity, identityKey) {
        case (.hash, nil):
            throw ValidationError("--identity hash needs --identity-key FILE: \(Self.howToMakeAKey)")
        case (.number, .some):
            throw ValidationError("--identity-key is of no use without --identity hash")
        default: break
        }
    }

    /// Reads the key's file.
    func options() throws -> RecordingOptions {
        var options = RecordingOptions()
        options.mapping = map
        if let identityKey { options.identities = .hash(try Self.key(inFile: identityKey)) }
        options.onError = onError
        return options
    }

    private static func key(inFile path: String) throws -> SipKey {
        let file = try PosixSystem().open(path, .read)
        let text = String(decoding: try file.readBytes(count: 256, at: 0), as: UTF8.self)
        guard let key = SipKey(hexadecimal: text) else {
            throw UsageError("\(path): not a key, which is 32 hexadecimal digits: \(howToMakeAKey)")
        }
        return key
    }
}

extension BadRowPolicy: ExpressibleByArgument {}

extension RecordingMapping {
    fileprivate init(argument: String) throws {
        do throws(RecordingMappingError) {
            try self.init(argument)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

extension SipKey {
    /// The 16 bytes of a key in 32 digits, with white space around it if it likes.
    init?(hexadecimal text: String) {
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        let digits = text[start...end].utf8
        guard digits.count == 32 else { return nil }
        var words: [UInt64] = []
        for word in [digits.prefix(16), digits.dropFirst(16)] {
            // Without a sign, which the initializer would take.
            guard word.first != UInt8(ascii: "+"), word.first != UInt8(ascii: "-"),
                let value = UInt64(Substring(word), radix: 16)
            else { return nil }
            // The first byte is the lowest.
            words.append(value.byteSwapped)
        }
        self.init(words[0], words[1])
    }
}
