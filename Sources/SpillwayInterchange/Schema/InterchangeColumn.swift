internal import SpillwayParquet

/// A column of values in a Parquet file that any program may have written: a leaf of its schema's tree.
package struct InterchangeColumn: Sendable, Hashable {
    /// From the root; several names for what is part of a group.
    package var path: [String]
    package var type: InterchangeType
    /// Its place among the leaves, which is that of its chunk in every row group.
    var index: Int
    var storedType: StoredType
    /// Optional and repeated fields from the root to the leaf.
    var maxDefinition: Int
    /// Repeated ones.
    var maxRepetition: Int
    /// Optional and repeated fields from the root to the last repeated one: an entry that has fewer is an empty list.
    var elementDefinition: Int

    /// Whether a row holds any number of values.
    package var isRepeated: Bool { maxRepetition > 0 }
    /// As a mapping or a message has it.
    package var name: String { path.joined(separator: ".") }
}

extension InterchangeColumn {
    /// Groups in groups: a schema of any sense has fewer, and each makes every name below it longer.
    private static let maximumDepth = 32

    /// The leaves of a schema that is flattened depth first, its root before all.
    static func leaves(of nodes: [SchemaNode], _ reader: ThriftReader) throws(ParquetError) -> [InterchangeColumn] {
        struct Group {
            var path: [String]
            var maxDefinition: Int
            var maxRepetition: Int
            var elementDefinition: Int
            var childrenLeft: Int
        }
        guard let root = nodes.first, root.storedType == nil else { throw reader.damaged("schema without a root") }
        var groups = [
            Group(
                path: [], maxDefinition: 0, maxRepetition: 0, elementDefinition: 0, childrenLeft: root.childCount)
        ]
        var leaves: [InterchangeColumn] = []
        for node in nodes.dropFirst() {
            while groups.last?.childrenLeft == 0 { groups.removeLast() }
            guard var group = groups.popLast() else { throw reader.damaged("schema with more fields than it says") }
            group.childrenLeft -= 1
            groups.append(group)
            group.path.append(node.name)
            group.maxDefinition += node.repetition == .required ? 0 : 1
            if node.repetition == .repeated {
                group.maxRepetition += 1
                group.elementDefinition = group.maxDefinition
            }
            guard let storedType = node.storedType else {
                guard groups.count < maximumDepth else { throw reader.unsupported("groups nested too deep") }
                group.childrenLeft = node.childCount
                groups.append(group)
                continue
            }
            leaves.append(
                InterchangeColumn(
                    path: group.path, type: node.type, index: leaves.count, storedType: storedType,
                    maxDefinition: group.maxDefinition, maxRepetition: group.maxRepetition,
                    elementDefinition: group.elementDefinition))
        }
        guard groups.allSatisfy({ $0.childrenLeft == 0 }) else {
            throw reader.damaged("schema with fewer fields than it says")
        }
        return leaves
    }
}
