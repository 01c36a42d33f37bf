import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

/// A frame says how much of its file was durable before it. A bad frame below that was acknowledged, and is damage; one
/// above it may be what a loss of power left of a write, and is cut.
@Suite struct DurableLengthTests {
    enum Kind: CaseIterable { case journal, openSegment }

    private static let batchSize = 20
    private static let batchCount = 4

    /// A killed store with four epochs in one file, each synced before the next one was written.
    private func killedStore(_ kind: Kind) throws -> (machine: SimulatedMachine, file: String) {
        let machine = SimulatedMachine(seed: 1)
        let system = machine.start()
        let engine = try open(kind, system)
        for index in 0..<Self.batchCount {
            let ticket = try engine.submit(batch(index))
            #expect(try ticket.poll() == nil)
            guard let steps = engine.steps else { continue }
            while steps.cut() || steps.encode() || steps.append() {}
            #expect(try ticket.poll() != nil)
        }
        machine.kill(system)
        let layout = StoreLayout(root: "/store")
        let directory = kind == .journal ? layout.journal : layout.open
        let names = try machine.start().list(directory)
        return (machine, "\(directory)/\(try #require(names.count == 1 ? names.first : nil))")
    }

    private func open(_ kind: Kind, _ system: SimulatedSystem) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.shardCount = 1
        configuration.indexBytes = 1 << 20
        configuration.maximumCommitDelayUs = 0
        configuration.largeEpochRows = kind == .journal ? 1000 : 1
        return try Engine.open(at: "/store", configuration: configuration, system: system, drive: .steps)
    }

    private func batch(_ index: Int) -> RegistrationBatch {
        RegistrationBatch(
            (0..<Self.batchSize).map { row in
                Registration(
                    registeredAt: Timestamp(rawValue: 1_633_305_600_000_000),
                    identity: Identity(rawValue: UInt64(1 + index * Self.batchSize + row)), country: .all[0],
                    platform: "ios", source: "organic", latencyUs: 1)
            })
    }

    /// Where each frame begins: at its magic number and version.
    private func starts(in bytes: [UInt8]) -> [Int] {
        let magic = Array("SPWF".utf8) + [1, 0]
        return bytes.indices.filter { bytes[$0...].starts(with: magic) }
    }

    @Test(arguments: Kind.allCases) func aBadFrameIsDamageUnlessItIsTheLast(_ kind: Kind) throws {
        let (killed, file) = try killedStore(kind)
        let bytes = try killed.start().readAll(file)
        let starts = starts(in: bytes)
        try #require(starts.count == Self.batchCount)
        for offset in stride(from: starts[0], to: bytes.count, by: 23) {
            let machine = SimulatedMachine(copyOf: killed, seed: UInt64(offset))
            try machine.start().open(file, .write).write([bytes[offset] ^ 0x10], at: UInt64(offset))
            let frame = try #require(starts.last { $0 <= offset })
            if frame == starts.last {
                let rows = Self.batchSize * (Self.batchCount - 1)
                #expect(try open(kind, machine.start()).registrationCount == rows, "byte \(offset)")
                continue
            }
            let error = #expect(throws: EngineError.self) { try open(kind, machine.start()) }
            guard case .store(.damaged(file, UInt64(frame), _)) = error else {
                Issue.record("byte \(offset): \(String(describing: error))")
                continue
            }
        }
    }
}
