"""What is measured, in the order of the table."""

from .case import Case, Dedup, Durability

PER_BATCH, AT_END = Durability.PER_BATCH, Durability.AT_END

CASES = (
    Case(
        "spillway", "**Spillway**, `synced`", "spillway", "", Dedup.EXACT, PER_BATCH,
        "2 producers, batches of 16,384, answered after fdatasync; told how many to be ready for",
    ),
    Case(
        "pyarrow", "pyarrow, Parquet", "pyarrow", "PyArrow", Dedup.NONE, AT_END,
        "2 files in 2 threads, delta encodings, Snappy",
    ),
    Case(
        "pyarrow-plain", "pyarrow, Parquet, plain", "pyarrow", "PyArrow", Dedup.NONE, AT_END,
        "2 files in 2 threads, numbers plain, strings by dictionary, uncompressed",
        options={"delta": False, "compression": "NONE"},
    ),
    Case(
        "pyarrow-unique", "pyarrow, first of each identity", "pyarrow", "PyArrow", Dedup.WITHIN, AT_END,
        "as pyarrow, rows divided by identity among the threads",
        options={"unique": True},
    ),
    Case(
        "polars", "Polars, Parquet", "polars", "Polars", Dedup.NONE, AT_END,
        "2 files, dictionaries, LZ4",
        options={"compression": "lz4"},
    ),
    Case(
        "polars-plain", "Polars, Parquet, plain", "polars", "Polars", Dedup.NONE, AT_END,
        "2 files, dictionaries, uncompressed",
    ),
    Case(
        "polars-unique", "Polars, `is_first_distinct`", "polars", "Polars", Dedup.WITHIN, AT_END,
        "1 file, dictionaries, uncompressed",
        options={"unique": True},
    ),
    Case(
        "clickhouse", "ClickHouse, MergeTree", "clickhouse", "ClickHouse", Dedup.NONE, PER_BATCH,
        "inserts of 1 M rows by 2 threads, fsync_after_insert, no order, Delta and T64 codecs",
    ),
    Case(
        "clickhouse-replacing", "ClickHouse, ReplacingMergeTree", "clickhouse", "ClickHouse", Dedup.LATER, PER_BATCH,
        "as MergeTree, ORDER BY identity, LZ4 alone; OPTIMIZE FINAL after the clock",
        options={"replacing": True}, most_rounds=3,
    ),
    Case(
        "duckdb", "DuckDB", "duckdb", "DuckDB", Dedup.NONE, PER_BATCH,
        "transactions of 1 M rows from Arrow, strings as ENUM, 2 threads",
    ),
    Case(
        "duckdb-key", "DuckDB, PRIMARY KEY", "duckdb", "DuckDB", Dedup.EXACT, PER_BATCH,
        "as without a key, INSERT OR IGNORE in the key's order, no checkpoint before the end",
        options={"uniqueness": "key", "checkpoint_threshold": "64GB"}, most_rows=5_000_000, most_rounds=3,
    ),
    Case(
        "duckdb-anti-join", "DuckDB, anti join", "duckdb", "DuckDB", Dedup.EXACT, PER_BATCH,
        "as without a key, DISTINCT ON and ANTI JOIN; exact while nobody else writes",
        options={"uniqueness": "anti join"}, most_rounds=3,
    ),
    Case(
        "postgresql", "PostgreSQL, COPY", "postgresql", "PostgreSQL", Dedup.NONE, PER_BATCH,
        "binary COPY of 500,000 rows, encoded before the clock, on each of 2 connections; synchronous_commit",
        most_rows=5_000_000, most_rounds=3,
    ),
    Case(
        "postgresql-key", "PostgreSQL, PRIMARY KEY", "postgresql", "PostgreSQL", Dedup.EXACT, PER_BATCH,
        "as without a key, but into a temporary table, then INSERT … ON CONFLICT DO NOTHING in the key's order",
        options={"key": True}, most_rows=2_000_000, most_rounds=3,
    ),
    Case(
        "sqlite", "SQLite", "sqlite", "SQLite", Dedup.NONE, PER_BATCH,
        "WAL, synchronous FULL, transactions of 100,000 rows bound by ADBC, 1 GiB cache, 1 thread",
        most_rows=5_000_000, most_rounds=3,
    ),
    Case(
        "sqlite-key", "SQLite, PRIMARY KEY", "sqlite", "SQLite", Dedup.EXACT, PER_BATCH,
        "as without a key, INSERT OR IGNORE, WITHOUT ROWID",
        options={"key": True}, most_rows=2_000_000, most_rounds=3,
    ),
    Case(
        "pyarrow-zstd", "pyarrow, Parquet, Zstandard", "pyarrow", "PyArrow", Dedup.NONE, AT_END,
        "2 files in 2 threads, delta encodings, Zstandard",
        options={"compression": "ZSTD"}, alternative=True,
    ),
    Case(
        "polars-zstd", "Polars, Parquet, Zstandard", "polars", "Polars", Dedup.NONE, AT_END,
        "2 files, dictionaries, Zstandard",
        options={"compression": "zstd"}, alternative=True,
    ),
    Case(
        "clickhouse-1", "ClickHouse, MergeTree, 1 thread", "clickhouse", "ClickHouse", Dedup.NONE, PER_BATCH,
        "inserts of 1 M rows by 1 thread, fsync_after_insert, no order, Delta and T64 codecs",
        options={"insert_threads": 1}, alternative=True,
    ),
    Case(
        "clickhouse-replacing-1", "ClickHouse, ReplacingMergeTree, 1 thread", "clickhouse", "ClickHouse",
        Dedup.LATER, PER_BATCH, "inserts of 1 M rows by 1 thread, fsync_after_insert, ORDER BY identity",
        options={"replacing": True, "insert_threads": 1}, most_rounds=3, alternative=True,
    ),
    Case(
        "duckdb-key-default", "DuckDB, PRIMARY KEY, defaults", "duckdb", "DuckDB", Dedup.EXACT, PER_BATCH,
        "transactions of 1 M rows as they come, INSERT OR IGNORE, default checkpoints",
        options={"uniqueness": "key, unordered"}, most_rows=5_000_000, most_rounds=3, alternative=True,
    ),
    Case(
        "duckdb-key-5", "DuckDB, PRIMARY KEY, by 5 M", "duckdb", "DuckDB", Dedup.EXACT, PER_BATCH,
        "transactions of 5 M rows, INSERT OR IGNORE in the key's order",
        options={"uniqueness": "key", "batch_rows": 5_000_000, "checkpoint_threshold": "64GB"},
        most_rows=5_000_000, most_rounds=3, alternative=True,
    ),
)  # fmt: skip
