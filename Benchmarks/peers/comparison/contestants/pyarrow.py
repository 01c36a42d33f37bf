"""Parquet files, one for each thread, by pyarrow."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .. import THREADS
from ..attempts import STRINGS, first_of_each
from ..case import Contestant, Stored
from ..files import sync, total_size

DELTA = {name: "DELTA_BINARY_PACKED" for name in ("registered_at", "identity", "latency_us")}


class PyArrow(Contestant):
    compression = "SNAPPY"
    delta = True
    unique = False
    files = THREADS

    def prepare(self) -> None:
        pa.set_cpu_count(THREADS)

    def ingest(self) -> None:
        with ThreadPoolExecutor(self.files) as pool:
            list(pool.map(self.write, range(self.files)))

    def write(self, part: int) -> None:
        path = self.directory / f"{part}.parquet"
        pq.write_table(
            self.rows(part),
            path,
            compression=self.compression,
            use_dictionary=list(STRINGS),
            column_encoding=DELTA if self.delta else None,
            row_group_size=1 << 20,
        )
        sync(path)

    def rows(self, part: int) -> pa.Table:
        if not self.unique:
            start, end = (self.table.num_rows * edge // self.files for edge in (part, part + 1))
            return self.table.slice(start, end - start)
        # Equal identities meet in one thread.
        mine = self.table.filter(pc.equal(pc.bit_wise_and(self.table["identity"], self.files - 1), part))
        return mine.filter(first_of_each(mine))

    def stored(self) -> Stored:
        paths = list(self.directory.glob("*.parquet"))
        return Stored(sum(pq.read_metadata(path).num_rows for path in paths), total_size(paths))

    def version(self) -> str:
        return pa.__version__
