import Testing

@testable import SpillwayModel

@Suite struct RegistrationBatchTests {
    private func registration(_ number: UInt64, latencyUs: Int = 250_000) throws -> Registration {
        Registration(
            registeredAt: Timestamp(rawValue: Int64(number)), identity: Identity(rawValue: number),
            country: try #require(Country("BR")), platform: "android", source: "organic", latencyUs: latencyUs
        )
    }

    @Test func givesBackWhatWasAppended() throws {
        let registrations = try (0..<100).map { try registration($0, latencyUs: Int($0) * 1000) }
        let batch = RegistrationBatch(registrations)
        #expect(batch.count == 100)
        #expect((0..<batch.count).map { batch[$0] } == registrations)
    }

    @Test(arguments: [
        (0, 0), (1, 1), (Int(Int32.max), Int(Int32.max)), (Int(Int32.max) + 1, -1), (Int.max, -1), (-1, -1),
        (-2, -1),
        (Int(Int32.min), -1), (Int.min, -1),
    ])
    func latencyOutOfRangeIsMarked(appended: Int, kept: Int) throws {
        var batch = RegistrationBatch()
        batch.append(try registration(1, latencyUs: appended))
        #expect(batch[0].latencyUs == kept)
    }

    @Test func keepsWhatTheEngineWillRefuse() throws {
        var refused = try registration(7)
        refused.country = .unknown
        refused.platform = .invalid
        let batch = RegistrationBatch([refused])
        #expect(batch[0] == refused)
        #expect(batch[0].region == nil)
    }

    @Test(arguments: [0..<0, 0..<10, 3..<7, 9..<10, 10..<10])
    func slicesAreBatches(range: Range<Int>) throws {
        let batch = RegistrationBatch(try (0..<10).map { try registration($0) })
        let slice = batch[range]
        #expect(slice.count == range.count)
        #expect(slice.isEmpty == range.isEmpty)
        #expect((0..<slice.count).map { slice[$0] } == range.map { batch[$0] })
    }

    @Test func isReusable() throws {
        var batch = RegistrationBatch([try registration(1)])
        batch.removeAll()
        #expect(batch.isEmpty)
        batch.append(try registration(2))
        #expect(batch.count == 1)
        #expect(batch[0] == (try registration(2)))
    }
}
