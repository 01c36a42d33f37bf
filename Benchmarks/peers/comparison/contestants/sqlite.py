"""A SQLite table, a transaction for each batch, with rows bound from Arrow by ADBC's driver."""

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa

from ..attempts import spelled_out
from ..case import Contestant, Stored


class SQLite(Contestant):
    key = False
    batch_rows = 100_000
    cache_kib = 1 << 20
    # Pages in the write-ahead log between two checkpoints.
    checkpoint_pages = 100_000

    def prepare(self) -> None:
        self.path = self.directory / "registrations.sqlite"
        self.connection = adbc.connect(str(self.path), autocommit=True)
        self.cursor = self.connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            f"cache_size = -{self.cache_kib}",
            f"wal_autocheckpoint = {self.checkpoint_pages}",
        ):
            self.value(f"PRAGMA {pragma}")
        identity, options = ("INTEGER PRIMARY KEY", "WITHOUT ROWID") if self.key else ("INTEGER NOT NULL", "")
        self.cursor.execute(
            f"""CREATE TABLE registrations (
                registered_at INTEGER NOT NULL, identity {identity}, country TEXT NOT NULL, region TEXT NOT NULL,
                platform TEXT NOT NULL, source TEXT NOT NULL, latency_us INTEGER NOT NULL) {options}"""
        )
        times = self.table["registered_at"].cast(pa.int64())
        self.table = spelled_out(self.table).set_column(0, "registered_at", times)

    def ingest(self) -> None:
        insert = f"INSERT {'OR IGNORE' if self.key else ''} INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?)"
        for batch in self.batches(self.batch_rows):
            self.cursor.execute("BEGIN")
            self.cursor.executemany(insert, batch)
            self.cursor.execute("COMMIT")

    def stored(self) -> Stored:
        self.value("PRAGMA wal_checkpoint(TRUNCATE)")
        return Stored(self.value("SELECT count(*) FROM registrations"), self.path.stat().st_size)

    def value(self, query: str):
        self.cursor.execute(query)
        row = self.cursor.fetchone()
        return row[0] if row else None

    def close(self) -> None:
        self.cursor.close()
        self.connection.close()

    def version(self) -> str:
        with adbc.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()")
            return cursor.fetchone()[0]
