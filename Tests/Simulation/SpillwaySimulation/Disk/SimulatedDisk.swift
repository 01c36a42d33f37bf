import Glibc
import SpillwayPlatform
import SpillwayTestSupport

/// A file system in memory that forgets what POSIX lets a device forget when the power goes: content of files that
/// were not synced, names in directories that were not synced. Failures are the values of `errno`.
struct SimulatedDisk {
    struct Failure: Error {
        var code: Int32
        init(_ code: Int32) { self.code = code }
    }

    private static let rootDirectory = 0
    /// How many removed files' blocks are remembered, to be given to new ones. Those of files of several sectors: what
    /// is smaller hardly shows behind what a new file keeps.
    private static let recycledLimit = 8

    private var directories: Set<Int> = [rootDirectory]
    private var files: [Int: SimulatedContent] = [:]
    private var modifiedAtMs: [Int: Int64] = [:]
    private var nextInode = rootDirectory + 1
    private var entries = SimulatedEntries()
    private var recycled: [[UInt8]] = []

    // MARK: Names

    func inode(at path: String) throws(Failure) -> Int {
        try inode(at: Self.names(in: path))
    }

    private func inode(at names: some Sequence<String>) throws(Failure) -> Int {
        var inode = Self.rootDirectory
        for name in names {
            guard isDirectory(inode) else { throw Failure(ENOTDIR) }
            guard let next = entries[.init(directory: inode, name: name)] else { throw Failure(ENOENT) }
            inode = next
        }
        return inode
    }

    private static func names(in path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// Where a path's last name stands.
    private func place(of path: String) throws(Failure) -> SimulatedEntries.Place {
        let names = Self.names(in: path)
        guard let last = names.last else { throw Failure(EEXIST) }
        let parent = try inode(at: names.dropLast())
        guard isDirectory(parent) else { throw Failure(ENOTDIR) }
        return SimulatedEntries.Place(directory: parent, name: last)
    }

    private func isDirectory(_ inode: Int) -> Bool { directories.contains(inode) }

    func directory(at path: String) throws(Failure) -> Int {
        let inode = try inode(at: path)
        guard isDirectory(inode) else { throw Failure(ENOTDIR) }
        return inode
    }

    func names(in directory: Int) -> [String] { entries.names(in: directory) }

    func status(_ inode: Int) -> FileStatus {
        FileStatus(
            size: UInt64(files[inode]?.cached.count ?? 0), isDirectory: isDirectory(inode),
            modifiedAtMs: modifiedAtMs[inode] ?? 0)
    }

    mutating func createFile(_ path: String, nowMs: Int64, _ random: inout SplitMix64) throws(Failure) -> Int {
        let inode = try create(path, nowMs: nowMs)
        let takesRecycled = Bool.random(using: &random)
        files[inode] = SimulatedContent(recycled: takesRecycled ? recycled.randomElement(using: &random) ?? [] : [])
        return inode
    }

    mutating func createDirectory(_ path: String, nowMs: Int64) throws(Failure) {
        directories.insert(try create(path, nowMs: nowMs))
    }

    private mutating func create(_ path: String, nowMs: Int64) throws(Failure) -> Int {
        let place = try place(of: path)
        guard entries[place] == nil else { throw Failure(EEXIST) }
        defer { nextInode += 1 }
        modifiedAtMs[nextInode] = nowMs
        entries.set(place, to: nextInode)
        return nextInode
    }

    mutating func link(_ source: String, to target: String) throws(Failure) {
        let inode = try inode(at: source)
        guard !isDirectory(inode) else { throw Failure(EPERM) }
        let place = try place(of: target)
        guard entries[place] == nil else { throw Failure(EEXIST) }
        entries.set(place, to: inode)
    }

    mutating func rename(_ source: String, to target: String) throws(Failure) {
        let inode = try inode(at: source)
        let (from, to) = (try place(of: source), try place(of: target))
        let replaced = entries[to]
        guard replaced != inode else { return }
        if let replaced, isDirectory(replaced) != isDirectory(inode) {
            throw Failure(isDirectory(replaced) ? EISDIR : ENOTDIR)
        }
        entries.rename(from, to: to)
        if let replaced { recycle(replaced) }
    }

    mutating func unlink(_ path: String) throws(Failure) {
        let inode = try inode(at: path)
        guard !isDirectory(inode) else { throw Failure(EISDIR) }
        entries.set(try place(of: path), to: nil)
        recycle(inode)
    }

    /// Gives a file's blocks back if it has no name left.
    private mutating func recycle(_ inode: Int) {
        guard !entries.current.values.contains(inode), let content = files[inode],
            content.durable.count > SimulatedContent.sectorByteCount
        else { return }
        recycled.append(content.durable)
        if recycled.count > Self.recycledLimit { recycled.removeFirst() }
    }

    // MARK: Content

    func content(of inode: Int) throws(Failure) -> SimulatedContent {
        guard let content = files[inode] else { throw Failure(EISDIR) }
        return content
    }

    /// Whether a write needs blocks that the file does not have yet.
    func mustGrow(_ inode: Int, for count: Int, at offset: Int) -> Bool {
        files[inode]?.mustGrow(for: count, at: offset) ?? false
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer, to inode: Int, at offset: Int, nowMs: Int64) throws(Failure) {
        guard files[inode] != nil else { throw Failure(EISDIR) }
        files[inode]?.write(bytes, at: offset)
        modifiedAtMs[inode] = nowMs
    }

    mutating func truncate(_ inode: Int, to size: Int, nowMs: Int64) throws(Failure) {
        guard files[inode] != nil else { throw Failure(EISDIR) }
        files[inode]?.truncate(to: size)
        modifiedAtMs[inode] = nowMs
    }

    mutating func sync(_ inode: Int) { files[inode]?.sync() }
    mutating func failSync(_ inode: Int, _ random: inout SplitMix64) { files[inode]?.failSync(&random) }
    mutating func syncDirectory(_ directory: Int) { entries.sync(directory) }

    /// Of every name and, for files, of what readers see and what is durable.
    var digest: UInt64 {
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        let places = entries.current.sorted { ($0.key.directory, $0.key.name) < ($1.key.directory, $1.key.name) }
        for (place, inode) in places {
            digest = fnv1a(fnv1a(digest, UInt64(place.directory)), UInt64(inode))
            for byte in place.name.utf8 { digest = fnv1a(digest, UInt64(byte)) }
            guard let content = files[inode] else { continue }
            for bytes in [content.cached, content.durable] {
                digest = fnv1a(digest, UInt64(bytes.count))
                for byte in bytes { digest = fnv1a(digest, UInt64(byte)) }
            }
        }
        return digest
    }

    // MARK: Loss

    /// Leaves what the device holds when the power goes.
    mutating func losePower(_ random: inout SplitMix64) {
        entries.losePower(&random)
        removeUnreachable()
        for inode in files.keys.sorted() { files[inode]?.losePower(&random) }
    }

    /// What no directory leads to is gone.
    private mutating func removeUnreachable() {
        var reachable: Set<Int> = [Self.rootDirectory]
        var grows = true
        while grows {
            let found = entries.current.filter { reachable.contains($0.key.directory) }.map(\.value)
            grows = !reachable.isSuperset(of: found)
            reachable.formUnion(found)
        }
        entries.keep { reachable.contains($0.directory) }
        directories.formIntersection(reachable)
        files = files.filter { reachable.contains($0.key) }
        modifiedAtMs = modifiedAtMs.filter { reachable.contains($0.key) }
    }
}
