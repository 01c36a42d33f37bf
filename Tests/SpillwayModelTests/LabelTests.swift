import Testing

@testable import SpillwayModel

@Suite struct LabelTests {
    @Test func equalNamesAreOneLabel() throws {
        let name = "label-tests-ios"
        let label = try #require(Label(name))
        #expect(Label(String(name.reversed().reversed())) == label)
        #expect(label == "label-tests-ios")
        #expect(label != "label-tests-android")
        #expect(label.name == "label-tests-ios")
        #expect(label.description == "label-tests-ios")
        #expect(Label.names[Int(label.code)] == "label-tests-ios")
    }

    @Test func lengthIsLimitedInBytes() {
        #expect(Label(String()) == nil)
        #expect(Label(String(repeating: "a", count: 255)) != nil)
        #expect(Label(String(repeating: "a", count: 256)) == nil)
        #expect(Label(String(repeating: "é", count: 128)) == nil)
    }

    @Test func equivalentSpellingsAreOneLabel() throws {
        let (composed, decomposed) = ("label-tests-\u{e9}", "label-tests-e\u{301}")
        let label = try #require(Label(composed))
        #expect(Label(decomposed) == label)
        #expect(Array(label.name.utf8) == Array(composed.utf8))
    }

    @Test func invalidHasNoName() {
        #expect(Label.invalid.name.isEmpty)
        #expect(!Label.names.indices.contains(Int(Label.invalid.code)))
    }

    @Test func threadsAgree() async {
        let names = (0..<64).map { "label-tests-thread-\($0)" }
        let labels = await withTaskGroup(of: [Label?].self) { group in
            for offset in 0..<8 {
                group.addTask {
                    let rotated = names[(offset * 8)...] + names[..<(offset * 8)]
                    let found = rotated.map { Label($0) }
                    return Array(found[(64 - offset * 8)...] + found[..<(64 - offset * 8)])
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(labels.count == 8)
        #expect(labels.allSatisfy { $0 == labels[0] })
        #expect(labels[0].map { $0?.name } == names)
    }
}

/// The process-wide table must not be filled by a test: others intern into it.
@Suite struct LabelTableTests {
    @Test func holdsAtMostTheMaximum() {
        let table = LabelTable()
        for index in 0..<Label.maximumCount {
            #expect(table.code(of: "l\(index)") == UInt16(index))
        }
        #expect(table.code(of: "one more") == nil)
        #expect(table.code(of: "l0") == 0)
        #expect(table.name(of: Label.invalid.code).isEmpty)
    }
}
