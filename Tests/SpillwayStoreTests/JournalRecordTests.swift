import SpillwayModel
import SpillwayPlatform
import Testing

@testable import SpillwayStore

@Suite struct JournalRecordTests {
    private func content(of frame: FrameBuffer) -> [UInt8] {
        frame.bytes.withUnsafeBytes { Array($0[FrameHeader.byteCount...]) }
    }

    @Test func rowsComeBackAsTheyWere() throws {
        let rows = [0, 1, 1 << 63, UInt64.max, 5_511_912_345_678].map { Row($0, country: "MX") }
        let frame = FrameBuffer()
        let outcomes = RecordedOutcomes(since: 7, outcomes(3))
        JournalRecord.write(blocks(rows, rowsPerBlock: 2), outcomes, into: frame)
        let read = JournalRecord.read(content(of: frame), rowCount: rows.count, bodyLength: frame.bodyLength)
        #expect(read?.outcomes == outcomes)
        let batch = try #require(read?.rows)
        #expect(batch.count == rows.count)
        for (index, row) in rows.enumerated() {
            let attributes = PackedAttributes(rawValue: row.attributes)
            #expect(
                batch[index]
                    == Registration(
                        registeredAt: Timestamp(rawValue: row.registeredAt), identity: Identity(rawValue: row.identity),
                        country: Country("MX")!, platform: attributes.platform, source: attributes.source,
                        latencyUs: Int(attributes.latencyUs)))
        }
    }

    /// Lengths and counts that do not fit, and every truncation, are refused and never trap.
    @Test func nonsenseIsRefused() {
        let frame = journalFrame(0..<10)
        let content = content(of: frame)
        #expect(JournalRecord.read(content, rowCount: 11, bodyLength: frame.bodyLength) == nil)
        #expect(JournalRecord.read(content, rowCount: 10, bodyLength: content.count + 1) == nil)
        #expect(JournalRecord.read(content, rowCount: Int(UInt32.max), bodyLength: frame.bodyLength) == nil)
        for length in 0..<content.count {
            #expect(JournalRecord.read(Array(content[..<length]), rowCount: 10, bodyLength: frame.bodyLength) == nil)
        }
        var unknownCountry = content
        unknownCountry[20 * 10] = UInt8(ascii: "?")
        #expect(JournalRecord.read(unknownCountry, rowCount: 10, bodyLength: frame.bodyLength) == nil)
    }
}
