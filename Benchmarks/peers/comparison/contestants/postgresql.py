"""A PostgreSQL table, filled by COPY over as many connections as there are threads."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pyarrow.compute as pc

from .. import THREADS
from ..case import Contestant, Stored
from ..postgresql_cluster import Cluster
from ..postgresql_copy import encoded

COLUMNS = """(registered_at timestamptz NOT NULL, identity bigint NOT NULL, country text NOT NULL,
              region text NOT NULL, platform text NOT NULL, source text NOT NULL, latency_us integer NOT NULL)"""
PIECE = 1 << 20


class PostgreSQL(Contestant):
    key = False
    batch_rows = 1_000_000

    def prepare(self) -> None:
        self.cluster = Cluster(self.directory)
        self.cluster.start()
        self.connections = [self.connect() for _ in range(THREADS)]
        self.connections[0].execute(f"CREATE TABLE registrations {COLUMNS}")
        if self.key:
            self.connections[0].execute("ALTER TABLE registrations ADD PRIMARY KEY (identity)")
            for connection in self.connections:
                connection.execute("SET temp_buffers = '512MB'")
                connection.execute(f"CREATE TEMPORARY TABLE staging {COLUMNS}")
        self.streams = [self.encoded_part(part) for part in range(THREADS)]

    def encoded_part(self, part: int) -> list[bytes]:
        """The batches of one connection. An identity goes to one only: two that insert it could wait for each other."""
        mine = self.table.filter(pc.equal(pc.bit_wise_and(self.table["identity"], THREADS - 1), part))
        rows = self.batch_rows // THREADS
        return [encoded(mine.slice(start, rows)) for start in range(0, mine.num_rows, rows)]

    def ingest(self) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self.send, self.connections, self.streams))

    def send(self, connection: psycopg.Connection, batches: list[bytes]) -> None:
        target = "staging" if self.key else "registrations"
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                with cursor.copy(f"COPY {target} FROM STDIN (FORMAT binary)") as copy:
                    for start in range(0, len(batch), PIECE):
                        copy.write(batch[start : start + PIECE])
                if self.key:
                    # In the index's order, neighbours share a page while it is in the cache.
                    cursor.execute(
                        """INSERT INTO registrations SELECT * FROM staging ORDER BY identity
                           ON CONFLICT (identity) DO NOTHING"""
                    )
                    cursor.execute("TRUNCATE staging")

    def stored(self) -> Stored:
        query = "SELECT count(*), pg_total_relation_size('registrations') FROM registrations"
        return Stored(*self.connections[0].execute(query).fetchone())

    def processor_seconds(self) -> float:
        return super().processor_seconds() + self.cluster.processor_seconds()

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.cluster.socket), user="postgres", dbname="postgres", autocommit=True)

    def close(self) -> None:
        for connection in getattr(self, "connections", []):
            connection.close()
        if hasattr(self, "cluster"):
            self.cluster.stop()

    def version(self) -> str:
        return self.connections[0].execute("SHOW server_version").fetchone()[0].split()[0]
