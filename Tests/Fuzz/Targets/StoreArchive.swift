/// How the input of ``FuzzTarget/store`` holds several files: u8 kind, u16 length, content, again and again.
enum StoreArchive {
    static func files(of input: [UInt8]) -> [StoreFile] {
        var files: [StoreFile] = []
        var rest = input[...]
        while rest.count >= 3, files.count < 9, let kind = rest.popFirst(), let low = rest.popFirst(),
            let high = rest.popFirst()
        {
            let content = Array(rest.prefix(Int(high) << 8 | Int(low)))
            rest = rest.dropFirst(content.count)
            files.append(file(kind, content))
        }
        return files
    }

    static func bytes(of files: [StoreFile]) -> [UInt8] {
        files.flatMap { file in
            [kind(of: file), UInt8(file.bytes.count & 0xff), UInt8(file.bytes.count >> 8)] + file.bytes
        }
    }

    private static func file(_ kind: UInt8, _ content: [UInt8]) -> StoreFile {
        switch kind % 6 {
        case 0: .journal(content)
        case 1: .openSegment(content)
        case 2: .sealedSegment(content)
        case 3: .logVersion(content)
        case 4: .metadata(content)
        default: .checkpoint(content)
        }
    }

    private static func kind(of file: StoreFile) -> UInt8 {
        switch file {
        case .journal: 0
        case .openSegment: 1
        case .sealedSegment: 2
        case .logVersion: 3
        case .metadata: 4
        case .checkpoint: 5
        }
    }
}
