"""Reads a store with other implementations and compares every row with what was put in.

usage: read_store.py STORE EXPECTED.csv FILTERED.parquet BLINDED.parquet

FILTERED is a segment with Bloom filters of its identities; BLINDED is the same with filters that rule out everything.
"""

import glob
import os
import sys

import chdb
import datafusion
import deltalake
import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

COLUMNS = pa.schema(
    [
        ("registered_at", pa.int64()),
        ("identity", pa.int64()),
        ("country", pa.string()),
        ("region", pa.string()),
        ("platform", pa.string()),
        ("source", pa.string()),
        ("latency_us", pa.int32()),
    ]
)


def with_pyarrow(store, files):
    return pa.concat_tables(
        pyarrow.parquet.read_table(file, page_checksum_verification=True) for file in files
    )


def with_duckdb(store, files):
    return duckdb.read_parquet(files).to_arrow_table()


def with_polars(store, files):
    return polars.read_parquet(files).to_arrow()


def with_pandas(store, files):
    return pa.Table.from_pandas(pandas.read_parquet(files), preserve_index=False)


def with_clickhouse(store, files):
    return chdb.query(f"SELECT * FROM file('{store}/part-*.parquet', Parquet)", "ArrowTable")


def with_datafusion(store, files):
    context = datafusion.SessionContext()
    tables = [context.read_parquet(file).to_arrow_table() for file in files]
    return pa.concat_tables(tables)


def with_deltalake(store, files):
    query = deltalake.QueryBuilder().register("signups", deltalake.DeltaTable(store))
    return pa.table(query.execute("SELECT * FROM signups").read_all())


def with_polars_delta(store, files):
    return polars.read_delta(store).to_arrow()


def with_clickhouse_delta(store, files):
    return chdb.query(f"SELECT * FROM deltaLakeLocal('{store}')", "ArrowTable")


READERS = {
    "pyarrow": with_pyarrow,
    "DuckDB": with_duckdb,
    "Polars": with_polars,
    "pandas": with_pandas,
    "ClickHouse": with_clickhouse,
    "DataFusion": with_datafusion,
    "deltalake, table": with_deltalake,
    "Polars, table": with_polars_delta,
    "ClickHouse, table": with_clickhouse_delta,
}


def canonical(table):
    """The same rows in the same types and order, whoever read them."""
    columns = []
    for field in COLUMNS:
        column = table[field.name]
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
        columns.append(column.cast(field.type))
    return pa.table(columns, schema=COLUMNS).sort_by("identity").combine_chunks()


def filtered_counts(files):
    """What DuckDB and DataFusion find behind statistics and page indexes, for a few filters each."""
    filters = [
        "region = 'Latin America'",
        "identity = -9223372036854775808",
        "identity BETWEEN 0 AND 99999999999999",
        "latency_us > 100000",
        "registered_at >= TIMESTAMP '2021-10-04 16:00:00'",
    ]
    duckdb.sql("SET TimeZone = 'UTC'")
    context = datafusion.SessionContext()
    context.register_parquet("signups", files[0].rsplit("/", 1)[0])
    for condition in filters:
        query = f"SELECT count(*) FROM {{}} WHERE {condition}"
        yield "DuckDB", condition, duckdb.sql(query.format(f"read_parquet({files})")).fetchall()[0][0]
        yield "DataFusion", condition, context.sql(query.format("signups")).to_pydict()["count(*)"][0]


def expected_count(expected, condition):
    column, rest = condition.split(" ", 1)
    values = expected[column]
    if column == "region":
        mask = pc.equal(values, "Latin America")
    elif rest.startswith("="):
        mask = pc.equal(values, -(2**63))
    elif column == "identity":
        mask = pc.and_(pc.greater_equal(values, 0), pc.less_equal(values, 99999999999999))
    elif column == "latency_us":
        mask = pc.greater(values, 100000)
    else:
        mask = pc.greater_equal(values, 1633363200000000)
    return pc.sum(mask).as_py() or 0


def duckdb_lookup(file, identity):
    return duckdb.sql(f"SELECT count(*) FROM read_parquet('{file}') WHERE identity = {identity}").fetchall()[0][0]


def clickhouse_lookup(file, identity):
    query = f"SELECT count(latency_us) FROM file('{file}', Parquet) WHERE identity = {identity}"
    settings = "SETTINGS input_format_parquet_bloom_filter_push_down = 1"
    return int(str(chdb.query(f"{query} {settings}", "CSV")))


def datafusion_lookup(file, identity):
    context = datafusion.SessionContext()
    context.register_parquet("signups", file)
    rows = context.sql(f"SELECT latency_us FROM signups WHERE identity = {identity}")
    return rows.to_arrow_table().num_rows


LOOKUPS = {"DuckDB": duckdb_lookup, "ClickHouse": clickhouse_lookup, "DataFusion": datafusion_lookup}


def lookup_failures(filtered, blinded):
    """Whether those that use Bloom filters find every identity, and do use them."""
    identities = pyarrow.parquet.read_table(filtered)["identity"].to_pylist()
    for name, find in LOOKUPS.items():
        lost = [identity for identity in identities[::601] if find(filtered, identity) != 1]
        if lost:
            yield f"{name}: {len(lost)} identities are not found, among them {lost[0]}"
        if find(filtered, identities[0] ^ 1):
            yield f"{name}: finds an identity that is not there"
        if find(blinded, identities[0]):
            yield f"{name}: does not use Bloom filters, so that its look-ups show nothing"


def codecs(files):
    """How the column chunks of the files are compressed."""
    groups = [
        group
        for metadata in map(pyarrow.parquet.read_metadata, files)
        for group in map(metadata.row_group, range(metadata.num_row_groups))
    ]
    return {group.column(index).compression for group in groups for index in range(group.num_columns)}


def main(store, expected_path, filtered, blinded):
    os.chdir(os.path.dirname(store))  # ClickHouse reads tables only below the working directory it began in.
    files = sorted(glob.glob(f"{store}/part-*.parquet"))
    options = pyarrow.csv.ConvertOptions(column_types=COLUMNS, strings_can_be_null=False)
    expected = canonical(pyarrow.csv.read_csv(expected_path, convert_options=options))
    failures = []
    if codecs(files) != {"LZ4", "UNCOMPRESSED"}:
        failures.append(f"the store has chunks of {codecs(files)}, so it does not try both")
    for name, read in READERS.items():
        rows = canonical(read(store, files))
        if not rows.equals(expected):
            failures.append(f"{name}: {rows.num_rows} rows are not the {expected.num_rows} that were put in")
    for name, condition, count in filtered_counts(files):
        if count != expected_count(expected, condition):
            failures.append(f"{name}: {condition}: {count}, not {expected_count(expected, condition)}")
    failures += lookup_failures(filtered, blinded)
    print("\n".join(failures) or f"{len(READERS)} readers agree on {expected.num_rows} rows")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
