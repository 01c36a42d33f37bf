"""Reads an Arrow stream with other implementations and compares it with what was put in.

usage: read_arrow.py STREAM EXPECTED.json

EXPECTED is an object of columns, in order: for each its Arrow type and its values; instants are in microseconds.
"""

import io
import json
import sys

import chdb
import duckdb
import polars
import pyarrow as pa


def main(stream, expected):
    with open(stream, "rb") as file:
        data = file.read()
    with open(expected) as file:
        columns = json.load(file)

    table = pa.ipc.open_stream(data).read_all()
    table.validate(full=True)
    assert table.schema.names == list(columns), table.schema
    for name, column in columns.items():
        values = table[name]
        assert str(values.type) == column["type"], (name, values.type)
        if pa.types.is_timestamp(values.type):
            values = values.cast(pa.int64())
        assert values.to_pylist() == column["values"], name

    frame = polars.read_ipc_stream(io.BytesIO(data))
    assert frame.columns == list(columns) and frame.height == table.num_rows
    # polars has large strings, so that types differ, values not.
    assert frame.to_arrow().cast(table.schema).equals(table), frame

    connection = duckdb.connect()
    connection.register("result", table)
    read = connection.sql("SELECT * FROM result").to_arrow_table()
    assert read.num_rows == table.num_rows and read.column_names == list(columns), read
    for name in columns:
        assert read[name].to_pylist() == table[name].to_pylist(), name

    counted = chdb.query(f"SELECT count() FROM file('{stream}', 'ArrowStream')", "CSV")
    assert int(str(counted)) == table.num_rows, str(counted)


if __name__ == "__main__":
    main(*sys.argv[1:])
