"""ClickHouse in this process, by chdb, on the files and on a table of its own."""

import io
import tempfile

import chdb
from chdb.session import Session
import pyarrow as pa

from . import THREADS
from .statements import statement

DIALECT = {
    "minute": "toStartOfMinute(registered_at)",
    "percentiles": "quantilesExactLow(0.5, 0.99, 0.999)(latency_us)",
    "distinct": "uniqExact(identity)",
    "time": "fromUnixTimestamp64Micro({})",
}
TABLE = """CREATE TABLE spillway.registrations (
    registered_at DateTime64(6, 'UTC') CODEC(Delta, LZ4), identity Int64, country LowCardinality(String),
    region LowCardinality(String), platform LowCardinality(String), source LowCardinality(String), latency_us Int32
) ENGINE = MergeTree ORDER BY (region, registered_at)"""


class ClickHouseFiles:
    def __init__(self, files: list[str]):
        self.directory = tempfile.TemporaryDirectory(prefix="spillway-chdb-")
        self.session = Session(self.directory.name)
        self.session.query(f"SET max_threads = {THREADS}")
        names = ",".join(files)
        self.source = f"file('{{{names}}}', Parquet)" if len(files) > 1 else f"file('{names}', Parquet)"

    def prepare(self, question: dict):
        text = statement(question, self.source, DIALECT) + f" SETTINGS max_threads = {THREADS}"
        return lambda: self.session.query(text, "ArrowStream")

    def size(self, result) -> tuple[int, int]:
        table = pa.ipc.open_stream(io.BytesIO(result.bytes())).read_all()
        if "registrations" not in table.column_names:
            return table.num_rows, table.num_rows
        return table.num_rows, sum(table["registrations"].to_pylist())

    def version(self) -> str:
        server = self.session.query("SELECT version()", "TabSeparatedRaw").data().strip()
        return f"{chdb.__version__} (ClickHouse {server})"


class ClickHouseTable(ClickHouseFiles):
    def __init__(self, files: list[str]):
        super().__init__(files)
        self.session.query("CREATE DATABASE spillway ENGINE = Atomic")
        self.session.query(TABLE)
        self.session.query(f"INSERT INTO spillway.registrations SELECT * FROM {self.source}")
        self.session.query("OPTIMIZE TABLE spillway.registrations FINAL")
        self.source = "spillway.registrations"
