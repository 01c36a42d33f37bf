/// Tables as Arrow's IPC streaming format: what `pyarrow.ipc.open_stream` reads.
///
/// Formats by arrow.apache.org/docs/format/Columnar.html, "IPC Streaming Format"; the numbers of fields and types by
/// `format/Message.fbs` and `format/Schema.fbs` of apache/arrow.
package enum ArrowStream {
    private static let batchRows = 65_536

    /// A schema, the rows in batches of 65,536, and the end of the stream.
    ///
    /// - Precondition: all columns have `rowCount` values.
    package static func bytes(of columns: [ArrowColumn], rowCount: Int) throws(ArrowError) -> [UInt8] {
        precondition(columns.allSatisfy { $0.values.count == rowCount })
        var stream: [UInt8] = []
        append(metadata: schema(of: columns), body: [], to: &stream)
        for first in stride(from: 0, to: rowCount, by: batchRows) {
            let rows = first..<min(rowCount, first + batchRows)
            var body = ArrowBody()
            for column in columns { try body.append(column, rows: rows) }
            append(metadata: batch(of: body, rowCount: rows.count), body: body.bytes, to: &stream)
        }
        stream += Self.continuation + [0, 0, 0, 0]
        return stream
    }

    // "Encapsulated message format": a mark, the length of the metadata, the metadata, the body.
    private static let continuation: [UInt8] = [0xff, 0xff, 0xff, 0xff]

    private static func append(metadata: [UInt8], body: [UInt8], to stream: inout [UInt8]) {
        stream += continuation
        stream.append(littleEndian: UInt32(metadata.count))
        stream += metadata
        stream += body
    }
}

// Message.fbs: Message { version, header_type, header, bodyLength }, RecordBatch { length, nodes, buffers }.
extension ArrowStream {
    private static let version5: Int16 = 4
    private enum Header: UInt8 { case schema = 1, recordBatch = 3 }

    private static func message(
        _ header: Header, bodyLength: Int, _ table: (inout FlatBuffer) -> FlatBuffer.Reference
    ) -> [UInt8] {
        var buffer = FlatBuffer()
        let content = table(&buffer)
        let message = buffer.table([
            .short(version5), .byte(header.rawValue), .reference(content), .long(Int64(bodyLength)),
        ])
        return buffer.finished(root: message)
    }

    private static func batch(of body: ArrowBody, rowCount: Int) -> [UInt8] {
        message(.recordBatch, bodyLength: body.bytes.count) { buffer in
            let buffers = buffer.vector(body.buffers)
            let nodes = buffer.vector(body.nodes)
            return buffer.table([.long(Int64(rowCount)), .reference(nodes), .reference(buffers)])
        }
    }
}

// Schema.fbs: Schema { endianness, fields }, Field { name, nullable, type_type, type, dictionary, children }.
extension ArrowStream {
    private static let littleEndian: Int16 = 0
    private enum TypeCode: UInt8 { case int = 2, floatingPoint = 3, utf8 = 5, timestamp = 10 }

    private static func schema(of columns: [ArrowColumn]) -> [UInt8] {
        message(.schema, bodyLength: 0) { buffer in
            var fields: [FlatBuffer.Reference] = []
            for column in columns {
                let (code, type) = type(of: column.values, in: &buffer)
                let name = buffer.string(column.name)
                // Readers want the list of children also where there can be none.
                let children = buffer.vector([FlatBuffer.Reference]())
                fields.append(
                    buffer.table([
                        .reference(name), .bool(true), .byte(code.rawValue), .reference(type), nil,
                        .reference(children),
                    ]))
            }
            let list = buffer.vector(fields)
            return buffer.table([.short(littleEndian), .reference(list)])
        }
    }

    private static func type(
        of values: ArrowColumn.Values, in buffer: inout FlatBuffer
    ) -> (TypeCode, FlatBuffer.Reference) {
        switch values {
        case .texts: return (.utf8, buffer.table([]))
        // Int { bitWidth, is_signed }
        case .integers: return (.int, buffer.table([.int(64), .bool(true)]))
        // FloatingPoint { precision: DOUBLE }
        case .numbers: return (.floatingPoint, buffer.table([.short(2)]))
        // Timestamp { unit: MICROSECOND, timezone }
        case .instantsUs:
            let zone = buffer.string("UTC")
            return (.timestamp, buffer.table([.short(2), .reference(zone)]))
        }
    }
}
