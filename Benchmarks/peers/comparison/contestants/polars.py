"""Parquet files, one for each thread, by Polars."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl

from .. import THREADS
from ..case import Contestant, Stored
from ..files import sync, total_size


class Polars(Contestant):
    compression = "uncompressed"
    unique = False
    # Polars uses every thread for one file; two files at once overlap the encoding of one with the writing of another.
    files = THREADS

    def prepare(self) -> None:
        if pl.thread_pool_size() != THREADS:
            raise RuntimeError(f"Polars has {pl.thread_pool_size()} threads in place of {THREADS}.")
        self.frame = pl.from_arrow(self.table)

    def ingest(self) -> None:
        if self.unique:
            self.write(0, self.frame.filter(pl.col("identity").is_first_distinct()))
            return
        with ThreadPoolExecutor(self.files) as pool:
            list(pool.map(lambda part: self.write(part, self.rows(part)), range(self.files)))

    def rows(self, part: int) -> pl.DataFrame:
        start, end = (self.frame.height * edge // self.files for edge in (part, part + 1))
        return self.frame.slice(start, end - start)

    def write(self, part: int, frame: pl.DataFrame) -> None:
        path = self.directory / f"{part}.parquet"
        frame.write_parquet(path, compression=self.compression, row_group_size=1 << 18)
        sync(path)

    def stored(self) -> Stored:
        paths = list(self.directory.glob("*.parquet"))
        return Stored(pl.scan_parquet(paths).select(pl.len()).collect().item(), total_size(paths))

    def version(self) -> str:
        return pl.__version__
