"""A ClickHouse table in this process, by chdb."""

import json
import time

import chdb
from chdb.session import Session

from .. import THREADS
from ..case import Contestant, Stored

TABLE = """CREATE TABLE spillway.registrations (
    registered_at DateTime64(6, 'UTC') {time_codec}, identity Int64 {identity_codec},
    country LowCardinality(String), region LowCardinality(String),
    platform LowCardinality(String), source LowCardinality(String), latency_us Int32
) ENGINE = {engine} SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"""

IN_ARRIVAL_ORDER = {
    "engine": "MergeTree ORDER BY tuple()",
    "time_codec": "CODEC(Delta, LZ4)",
    "identity_codec": "CODEC(T64, LZ4)",
}
# Sorted by identity, the same codecs save a fifth of the bytes and cost a third of the speed.
REPLACING = {"engine": "ReplacingMergeTree ORDER BY identity", "time_codec": "", "identity_codec": ""}


class ClickHouse(Contestant):
    replacing = False
    batch_rows = 1_000_000
    insert_threads = THREADS

    def prepare(self) -> None:
        self.session = Session(str(self.directory / "clickhouse"))
        self.session.query("CREATE DATABASE spillway ENGINE = Atomic")
        self.session.query(TABLE.format(**(REPLACING if self.replacing else IN_ARRIVAL_ORDER)))

    def ingest(self) -> None:
        insert = f"""INSERT INTO spillway.registrations SELECT * FROM Python(batch) SETTINGS
            max_threads = {self.insert_threads}, max_insert_threads = {self.insert_threads},
            max_insert_block_size = {self.batch_rows}, min_insert_block_size_bytes = 0,
            min_insert_block_size_rows = {self.batch_rows // self.insert_threads}"""
        for batch in self.batches(self.batch_rows):
            # ClickHouse finds `batch` by its name in this frame.
            self.session.query(insert)

    def stored(self) -> Stored:
        later_seconds = None
        if self.replacing:
            start = time.monotonic()
            self.session.query("OPTIMIZE TABLE spillway.registrations FINAL")
            later_seconds = time.monotonic() - start
        size = self.number(
            "sum(bytes_on_disk) FROM system.parts WHERE database = 'spillway' AND table = 'registrations' AND active"
        )
        return Stored(self.number("count() FROM spillway.registrations"), size, later_seconds)

    def number(self, query: str) -> int:
        # Counts are read, not taken from what the parts say of themselves.
        answer = self.session.query(f"SELECT {query} SETTINGS optimize_trivial_count_query = 0", "JSONCompact")
        return int(json.loads(answer.data())["data"][0][0])

    def close(self) -> None:
        self.session.close()

    def version(self) -> str:
        server = self.session.query("SELECT version()", "TabSeparatedRaw").data().strip()
        return f"{chdb.__version__} (ClickHouse {server})"
