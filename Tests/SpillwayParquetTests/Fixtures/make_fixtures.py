"""Writes the fixtures with pyarrow: one table, in every encoding that the reader knows.

    pip install pyarrow && python make_fixtures.py

The table is a formula of the row number, repeated in FixtureTests.swift.
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

DIRECTORY = pathlib.Path(__file__).parent
ROWS = 1000


def wrap(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def extremes(bits):
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return [low, high, 0, -1, 1, high, low, low + 1, high - 1]


def column(name, type, value):
    return pa.field(name, type, nullable=False), [value(row) for row in range(ROWS)]


COLUMNS = [
    column("scattered", pa.int64(), lambda row: wrap(row * 0x9E3779B97F4A7C15, 64)),
    column("extremes", pa.int64(), lambda row: extremes(64)[row % 9]),
    column("constant", pa.int64(), lambda row: 42),
    column("time", pa.timestamp("us", tz="UTC"), lambda row: 1_633_363_200_000_000 + row * row),
    column("small32", pa.int32(), lambda row: row * 7919 % 1000),
    column("extremes32", pa.int32(), lambda row: extremes(32)[row % 9]),
    column("one", pa.string(), lambda row: "only"),
    column("two", pa.string(), lambda row: "" if row % 3 == 0 else "Zürich 🏔"),
    column("many", pa.string(), lambda row: f"name-{row * 7 % 300}"),
    column("runs", pa.string(), lambda row: f"run {row // 150}"),
]
INTEGERS = [field.name for field, _ in COLUMNS if field.type != pa.string()]


def table(columns=COLUMNS):
    schema = pa.schema([field for field, _ in columns])
    return pa.table([pa.array(values, field.type) for field, values in columns], schema=schema)


def write(name, data, **options):
    defaults = dict(
        row_group_size=700, compression="none", use_dictionary=False, write_page_checksum=True, store_schema=False
    )
    pq.write_table(data, DIRECTORY / f"{name}.parquet", **{**defaults, **options})


delta = {name: "DELTA_BINARY_PACKED" for name in INTEGERS}
write("plain", table())
write("delta", table(), column_encoding=delta)
write("dictionary", table(), use_dictionary=True)
write("dictionary-lz4", table(), use_dictionary=True, compression="lz4")
write("version1", table(), use_dictionary=True, version="1.0", write_page_checksum=False)
write("v2-delta-lz4", table(), column_encoding=delta, compression="lz4", data_page_version="2.0")
write("v2-dictionary", table(), use_dictionary=True, data_page_version="2.0")
write("fallback", table(), use_dictionary=True, dictionary_pagesize_limit=256, data_page_size=512, write_batch_size=64)
write("page-index", table(), column_encoding=delta, data_page_size=64, write_batch_size=32, write_page_index=True)
write("reversed", table(COLUMNS[::-1]))

tiny = table([COLUMNS[0], COLUMNS[4], COLUMNS[7]]).slice(0, 40)
write("tiny", tiny, use_dictionary=["two"], data_page_version="2.0", compression="lz4")



def write_refused(name, type, nullable=False, **options):
    schema = pa.schema([pa.field("a", type, nullable=nullable)])
    write(name, pa.table([pa.array([1]).cast(type)], schema=schema), **options)


write_refused("nullable", pa.int64(), nullable=True)
write_refused("double", pa.float64())
write_refused("nanoseconds", pa.timestamp("ns"))
write_refused("unsigned", pa.uint64())
write_refused("snappy", pa.int64(), compression="snappy")
