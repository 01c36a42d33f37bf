"""DuckDB, on the files and on a table of its own."""

import duckdb

from . import THREADS
from .statements import statement

DIALECT = {
    "minute": "time_bucket(INTERVAL 1 minute, registered_at)",
    "percentiles": "quantile_disc(latency_us, [0.5, 0.99, 0.999])",
    "distinct": "count(DISTINCT identity)",
    "time": "make_timestamptz({})",
}


class DuckDBFiles:
    def __init__(self, files: list[str]):
        self.connection = duckdb.connect(config={"threads": THREADS})
        self.connection.execute("SET TimeZone = 'UTC'")
        # Footers stay in memory, as they do in a snapshot.
        self.connection.execute("SET parquet_metadata_cache = true")
        self.source = f"read_parquet([{', '.join(map(repr, files))}])"

    def prepare(self, question: dict):
        text = statement(question, self.source, DIALECT)
        return lambda: self.connection.sql(text).to_arrow_table()

    def size(self, result) -> tuple[int, int]:
        if "registrations" not in result.column_names:
            return result.num_rows, result.num_rows
        return result.num_rows, sum(result["registrations"].to_pylist())

    def version(self) -> str:
        return duckdb.__version__


class DuckDBTable(DuckDBFiles):
    def __init__(self, files: list[str]):
        super().__init__(files)
        self.connection.execute(f"CREATE TABLE registrations AS SELECT * FROM {self.source}")
        for name in "region", "country", "platform", "source":
            self.connection.execute(
                f"CREATE TYPE {name}_label AS ENUM (SELECT DISTINCT {name} FROM registrations ORDER BY {name})"
            )
            self.connection.execute(f"ALTER TABLE registrations ALTER {name} TYPE {name}_label")
        self.source = "registrations"
