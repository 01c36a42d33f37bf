"""A DuckDB table, a transaction for each batch."""

import duckdb

from .. import THREADS
from ..attempts import STRINGS, dictionary
from ..case import Contestant, Stored

INSERTS = {
    "none": "INSERT INTO registrations SELECT * FROM batch",
    # In the index's order, which takes a fifth off the processors' time.
    "key": "INSERT OR IGNORE INTO registrations SELECT * FROM batch ORDER BY identity",
    "key, unordered": "INSERT OR IGNORE INTO registrations SELECT * FROM batch",
    # Exact as long as nobody else writes.
    "anti join": """INSERT INTO registrations
                    SELECT DISTINCT ON (identity) * FROM batch ANTI JOIN registrations USING (identity)""",
}


class DuckDB(Contestant):
    uniqueness = "none"
    batch_rows = 1_000_000
    # Of the log. A checkpoint writes the whole index anew; the log alone makes a transaction durable.
    checkpoint_threshold = "16MB"

    def prepare(self) -> None:
        self.path = self.directory / "registrations.duckdb"
        self.connection = duckdb.connect(str(self.path), config={"threads": THREADS})
        self.connection.execute(f"SET checkpoint_threshold = '{self.checkpoint_threshold}'")
        for name in STRINGS:
            labels = ", ".join(f"'{label}'" for label in dictionary(self.table, name))
            self.connection.execute(f"CREATE TYPE {name}_label AS ENUM ({labels})")
        key = "PRIMARY KEY" if self.uniqueness.startswith("key") else ""
        self.connection.execute(
            f"""CREATE TABLE registrations (
                registered_at TIMESTAMPTZ NOT NULL, identity BIGINT NOT NULL {key},
                country country_label NOT NULL, region region_label NOT NULL,
                platform platform_label NOT NULL, source source_label NOT NULL, latency_us INTEGER NOT NULL)"""
        )

    def ingest(self) -> None:
        for batch in self.batches(self.batch_rows):
            # DuckDB finds `batch` by its name in this frame.
            self.connection.execute(INSERTS[self.uniqueness])

    def stored(self) -> Stored:
        self.connection.execute("CHECKPOINT")
        rows = self.connection.execute("SELECT count(*) FROM registrations").fetchone()[0]
        return Stored(rows, self.path.stat().st_size)

    def close(self) -> None:
        self.connection.close()

    def version(self) -> str:
        return duckdb.__version__
