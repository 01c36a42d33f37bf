internal import SpillwayModel

extension RecordingOptions {
    /// Whether every column has its own name and identities are numbers.
    var takesColumnsAsTheyAre: Bool {
        guard case .number = identities else { return false }
        return RecordingColumn.allCases.allSatisfy { mapping.origin(of: $0) == .column($0.rawValue) }
    }

    /// The fingerprint of a file that is read under these options: other options make another trace of it.
    func fingerprint(of fileHash: UInt64) -> UInt64 {
        if takesColumnsAsTheyAre, onError == .stop { return fileHash }
        var text = onError.rawValue
        for column in RecordingColumn.allCases { text += "\n\(column.rawValue)=\(mapping.origin(of: column))" }
        // A hash under the key tells keys apart and gives none away.
        if case .hash(let key) = identities { text += "\n\(Identity(hashing: "fingerprint", key: key).rawValue)" }
        var hash = RecordingFingerprint()
        Array(text.utf8).withUnsafeBytes { hash.combine($0) }
        return mix(fileHash) ^ hash.value(fileSize: 0)
    }
}
