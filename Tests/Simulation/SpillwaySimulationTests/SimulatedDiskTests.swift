import Glibc
import SpillwayPlatform
import SpillwaySimulation
import Testing

/// What a ``SimulatedMachine``'s disk keeps and forgets. Whatever is left to chance must come out both ways over the
/// seeds.
@Suite struct SimulatedDiskTests {
    private static let sector = 512

    /// A machine with a durable directory `/d`.
    private func machine(_ seed: UInt64) throws -> (SimulatedMachine, SimulatedSystem) {
        let machine = SimulatedMachine(seed: seed)
        let system = machine.start()
        try system.createDirectory("/d")
        try system.syncDirectory("/")
        return (machine, system)
    }

    private func bytes(_ value: UInt8, sectors: Int = 1) -> [UInt8] {
        [UInt8](repeating: value, count: sectors * Self.sector)
    }

    private func newFile(_ system: SimulatedSystem, _ path: String, _ content: [UInt8]) throws -> any File {
        let file = try system.open(path, .create)
        try file.write(content, at: 0)
        return file
    }

    // MARK: As any file system

    @Test func readsWhatWasWritten() throws {
        let (_, system) = try machine(1)
        let file = try newFile(system, "/d/a", [1, 2, 3])
        try file.write([9], at: 5)
        #expect(try system.readAll("/d/a") == [1, 2, 3, 0, 0, 9])
        #expect(try file.readBytes(count: 9, at: 4) == [0, 9])
        #expect(try file.readBytes(count: 9, at: 60) == [])
        try file.truncate(to: 2)
        try file.truncate(to: 4)
        #expect(try file.readAll() == [1, 2, 0, 0])
        #expect(try system.status("/d/a").size == 4)
        #expect(try system.status("/d").isDirectory)
    }

    @Test func namesFollowPosix() throws {
        let (_, system) = try machine(1)
        _ = try newFile(system, "/d/a", [1])
        try system.link("/d/a", to: "/d/b")
        _ = try newFile(system, "/d/c", [3])
        try system.rename("/d/c", to: "/d/a")
        #expect(try system.list("/d").sorted() == ["a", "b"])
        #expect(try system.readAll("/d/a") == [3])
        #expect(try system.readAll("/d/b") == [1])
        try system.remove("/d/b")
        #expect(try !system.exists("/d/b"))
        let failures: [(Int32, () throws -> Void)] = [
            (EEXIST, { _ = try system.open("/d/a", .create) }), (ENOENT, { _ = try system.open("/d/z", .read) }),
            (EEXIST, { try system.createDirectory("/d") }), (ENOENT, { try system.remove("/d/b") }),
            (ENOTDIR, { _ = try system.list("/d/a") }), (EISDIR, { try system.remove("/d") }),
            (ENOENT, { try system.rename("/d/z", to: "/d/y") }), (ENOTDIR, { _ = try system.open("/d/a/b", .create) }),
        ]
        for (code, action) in failures {
            let error = #expect(throws: SystemError.self) { try action() }
            #expect(error?.code == code)
        }
        try system.link("/d/a", to: "/d/e")
        let taken = #expect(throws: SystemError.self) { try system.link("/d/a", to: "/d/e") }
        #expect(taken?.alreadyExists == true)
    }

    @Test func aLockGoesWithItsFileAndItsProcess() throws {
        let (machine, first) = try machine(1)
        let second = machine.start()
        var held: (any File)? = try first.open("/d/lock", .createIfAbsent)
        #expect(try held?.tryLock() == true)
        #expect(try held?.tryLock() == true)
        let other = try second.open("/d/lock", .createIfAbsent)
        #expect(try !other.tryLock())
        held = nil
        #expect(try other.tryLock())
        machine.kill(second)
        #expect(try first.open("/d/lock", .write).tryLock())
    }

    // MARK: Process death

    @Test func aKillKeepsAllWritesAndEndsTheProcess() throws {
        let (machine, system) = try machine(1)
        let file = try newFile(system, "/d/a", [1, 2, 3])
        machine.kill(system)
        #expect(throws: SystemError.self) { try file.write([9], at: 0) }
        #expect(throws: SystemError.self) { try file.readAll() }
        #expect(throws: SystemError.self) { try system.remove("/d/a") }
        #expect(!machine.isRunning(system))
        #expect(try machine.start().readAll("/d/a") == [1, 2, 3])
    }

    @Test func deathAtACallMayLeaveAPartOfAWrite() throws {
        var lengths: Set<Int> = []
        for seed in 0..<100 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            let file = try newFile(system, "/d/a", [])
            machine.faults.deathAtCall = machine.callCount + 2
            try file.write([1], at: 0)
            #expect(throws: SystemError.self) { try file.write([2, 3], at: 1) }
            #expect(!machine.isRunning(system))
            let left = try machine.start().readAll("/d/a")
            #expect([1, 2, 3].starts(with: left))
            lengths.insert(left.count)
        }
        #expect(lengths == [1, 2, 3])
    }

    // MARK: Power loss

    @Test(arguments: 0..<20 as Range<UInt64>) func whatWasSyncedStays(seed: UInt64) throws {
        let (machine, system) = try machine(seed)
        let file = try newFile(system, "/d/a", bytes(7, sectors: 3))
        try file.sync()
        try system.syncDirectory("/d")
        machine.losePower()
        #expect(throws: SystemError.self) { try file.readAll() }
        #expect(try machine.start().readAll("/d/a") == bytes(7, sectors: 3))
    }

    /// What is left of unsynced contents is told by the first byte of each sector.
    @Test func anySubsetOfUnsyncedSectorsSurvives() throws {
        var seen: Set<[UInt8]> = []
        for seed in 0..<400 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            let file = try newFile(system, "/d/a", bytes(1, sectors: 3))
            try file.sync()
            try system.syncDirectory("/d")
            try file.write(bytes(2, sectors: 3), at: 0)
            try file.write(bytes(3), at: UInt64(Self.sector))
            machine.losePower()
            let left = try machine.start().readAll("/d/a")
            #expect(left.count == 3 * Self.sector)
            seen.insert(stride(from: 0, to: left.count, by: Self.sector).map { left[$0] })
        }
        // 1 or 2 in the first and last sectors; in the middle also what overwrote the 2.
        #expect(seen.count == 2 * 3 * 2)
        #expect(seen.contains([1, 3, 2]) && seen.contains([2, 1, 1]))
    }

    @Test func theSizeIsAnyThatTheFileHadSinceItsSync() throws {
        var sizes: Set<Int> = []
        for seed in 0..<200 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            let file = try newFile(system, "/d/a", bytes(1))
            try file.sync()
            try system.syncDirectory("/d")
            try file.write(bytes(2), at: UInt64(Self.sector))
            try file.write(bytes(3), at: UInt64(2 * Self.sector))
            try file.truncate(to: 100)
            machine.losePower()
            sizes.insert(try machine.start().readAll("/d/a").count)
        }
        #expect(sizes == [Self.sector, 2 * Self.sector, 3 * Self.sector, 100])
    }

    @Test func unwrittenSectorsReadAsZerosOrAsARemovedFile() throws {
        var seen: Set<UInt8> = []
        for seed in 0..<200 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            let old = try newFile(system, "/d/old", bytes(7, sectors: 2))
            try old.sync()
            try system.remove("/d/old")
            let file = try newFile(system, "/d/a", bytes(1, sectors: 2))
            try system.syncDirectory("/d")
            machine.losePower()
            let left = try machine.start().readAll("/d/a")
            if left.count == 2 * Self.sector { seen.insert(left[Self.sector]) }
            _ = file
        }
        #expect(seen == [0, 1, 7])
    }

    @Test func namesSurviveOnlyForCertainOnceTheirDirectoryIsSynced() throws {
        var seen: Set<[String]> = []
        for seed in 0..<200 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            _ = try newFile(system, "/d/kept", [])
            _ = try newFile(system, "/d/removed", [])
            try system.syncDirectory("/d")
            _ = try newFile(system, "/d/made", [])
            try system.remove("/d/removed")
            machine.losePower()
            seen.insert(try machine.start().list("/d").sorted())
        }
        #expect(
            seen == [["kept"], ["kept", "made"], ["kept", "removed"], ["kept", "made", "removed"]])
    }

    @Test func aRenameIsWhollyThereOrWhollyNot() throws {
        var seen: Set<[String]> = []
        for seed in 0..<100 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            try system.createDirectory("/e")
            try system.syncDirectory("/")
            _ = try newFile(system, "/d/a", [])
            try system.syncDirectory("/d")
            try system.rename("/d/a", to: "/e/b")
            try system.syncDirectory("/d")
            machine.losePower()
            let after = machine.start()
            seen.insert(try after.list("/d") + after.list("/e"))
        }
        #expect(seen == [["a"], ["b"]])
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func aRenameIsDurableOnceItsTargetDirectoryIsSynced(seed: UInt64) throws {
        let (machine, system) = try machine(seed)
        try system.createDirectory("/e")
        try system.syncDirectory("/")
        let file = try newFile(system, "/d/a", [5])
        try file.sync()
        try system.rename("/d/a", to: "/e/b")
        try system.syncDirectory("/e")
        machine.losePower()
        let after = machine.start()
        #expect(try after.list("/d") == [])
        #expect(try after.readAll("/e/b") == [5])
    }

    @Test func aDirectoryThatIsNotDurableTakesItsFilesWithIt() throws {
        var seen: Set<[String]> = []
        for seed in 0..<50 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            try system.createDirectory("/d/e")
            try newFile(system, "/d/e/a", [1]).sync()
            try system.syncDirectory("/d/e")
            machine.losePower()
            let after = machine.start()
            seen.insert(try after.list("/d"))
            if try after.exists("/d/e") { #expect(try after.readAll("/d/e/a") == [1]) }
        }
        #expect(seen == [[], ["e"]])
    }

    // MARK: Failing calls

    @Test func afterAFailedSyncTheNextSucceedsAndProvesNothing() throws {
        var seen: Set<[UInt8]> = []
        for seed in 0..<100 as Range<UInt64> {
            let (machine, system) = try machine(seed)
            let file = try newFile(system, "/d/a", bytes(1))
            try file.sync()
            try system.syncDirectory("/d")
            try file.write(bytes(2), at: 0)
            machine.faults.scheduled[machine.callCount + 1] = EIO
            let error = #expect(throws: SystemError.self) { try file.sync() }
            #expect(error == SystemError(call: "fdatasync", path: "/d/a", code: EIO))
            try file.sync()
            let cached = try file.readBytes(count: 1, at: 0)
            machine.losePower()
            seen.insert(cached + [try machine.start().readAll("/d/a")[0]])
        }
        // Seen before and after the loss: written after all, dropped at once, or seen until the power went.
        #expect(seen == [[2, 2], [1, 1], [2, 1]])
    }

    @Test func aFullDiskTakesOnlyWhatNeedsNoRoom() throws {
        let (machine, system) = try machine(1)
        let file = try newFile(system, "/d/a", [1, 2, 3])
        machine.faults.diskIsFull = true
        try file.write([4], at: 0)
        try file.write([5], at: 100)
        let error = #expect(throws: SystemError.self) { try file.write(bytes(1, sectors: 2), at: 0) }
        #expect(error?.code == ENOSPC)
        #expect(throws: SystemError.self) { try system.open("/d/b", .create) }
        #expect(throws: SystemError.self) { try system.link("/d/a", to: "/d/b") }
        try system.remove("/d/a")
        machine.faults.diskIsFull = false
        try file.write(bytes(1, sectors: 2), at: 0)
    }

    @Test func withoutDescriptorsNothingCanBeOpened() throws {
        let (machine, system) = try machine(1)
        let file = try newFile(system, "/d/a", [1])
        machine.faults.filesAreUsedUp = true
        let error = #expect(throws: SystemError.self) { try system.open("/d/a", .read) }
        #expect(error?.code == EMFILE)
        #expect(throws: SystemError.self) { try system.syncDirectory("/d") }
        #expect(throws: SystemError.self) { try system.list("/d") }
        try file.write([2], at: 0)
        try file.sync()
    }

    // MARK: Determinism

    @Test func aSeedGivesTheSameRunTwice() throws {
        func run(_ seed: UInt64) throws -> (UInt64, [UInt8]) {
            let (machine, system) = try machine(seed)
            let file = try newFile(system, "/d/a", bytes(UInt8(system.randomWord() & 0xff), sectors: 4))
            try file.sync()
            try system.syncDirectory("/d")
            try file.write(bytes(1, sectors: 2), at: 3000)
            machine.losePower()
            return (machine.digest, try machine.start().readAll("/d/a"))
        }
        let (first, second, other) = (try run(5), try run(5), try run(6))
        #expect(first == second)
        #expect(first.1 != other.1)
    }

    @Test func clocksMoveWhenTold() throws {
        let (machine, system) = try machine(1)
        let (monotonicUs, wallMs) = (system.monotonicUs(), system.wallMs())
        machine.advance(us: 5_000)
        machine.jumpWallClock(ms: -86_400_000)
        #expect(system.monotonicUs() - monotonicUs == 5_000)
        #expect(system.wallMs() - wallMs == 5 - 86_400_000)
    }
}
