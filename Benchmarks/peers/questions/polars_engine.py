"""Polars, on the files."""

import polars as pl

from . import THREADS


class PolarsFiles:
    def __init__(self, files: list[str]):
        if pl.thread_pool_size() != THREADS:
            raise RuntimeError(f"Polars has {pl.thread_pool_size()} threads in place of {THREADS}")
        self.files = files

    def prepare(self, question: dict):
        frame = self.frame(question)
        return frame.collect

    def frame(self, question: dict) -> pl.LazyFrame:
        rows = pl.scan_parquet(self.files)
        registrations = pl.len().alias("registrations")
        ask = question["ask"]
        if ask == "byRegion":
            return rows.group_by("region").agg(registrations)
        if ask == "byRegionAndMinute":
            return rows.group_by("region", pl.col("registered_at").dt.truncate("1m")).agg(registrations)
        if ask == "inAnHour":
            since, until = (
                pl.lit(question[key]).cast(pl.Datetime("us", "UTC")) for key in ("sinceUs", "untilUs")
            )
            hour = rows.filter(pl.col("registered_at") >= since, pl.col("registered_at") < until)
            return hour.group_by("region", "country", "platform").agg(registrations)
        if ask == "percentiles":
            latency = pl.col("latency_us")
            quantiles = [latency.quantile(p, "higher").alias(f"p{p}") for p in (0.5, 0.99, 0.999)]
            return rows.group_by("region").agg(*quantiles, registrations)
        if ask == "distinct":
            return rows.select(pl.col("identity").n_unique().alias("registrations"))
        if ask == "slow":
            return rows.filter(pl.col("latency_us") > question["aboveUs"]).select(registrations)
        if ask == "identityRange":
            return rows.filter(pl.col("identity").is_between(*question["identities"])).select(registrations)
        if ask == "lookUp":
            return rows.filter(pl.col("identity").is_in(question["identities"]))
        raise ValueError(f"no such question: {ask}")

    def size(self, result: pl.DataFrame) -> tuple[int, int]:
        if "registrations" not in result.columns:
            return result.height, result.height
        return result.height, int(result["registrations"].sum())

    def version(self) -> str:
        return pl.__version__
