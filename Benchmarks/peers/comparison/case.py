"""What is measured: one contestant with one group of settings."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
import resource

import pyarrow as pa


class Dedup(StrEnum):
    EXACT = "exact"
    WITHIN = "within the run"  # exact, but knows nothing of what earlier runs wrote
    LATER = "later"
    NONE = "none"


class Durability(StrEnum):
    PER_BATCH = "per batch"
    AT_END = "at the end"


@dataclass(frozen=True)
class Stored:
    """What lies on disk after a run, read back from there."""

    rows: int
    bytes: int
    # What the promised deduplication took after the clock had stopped.
    later_seconds: float | None = None


class Contestant(ABC):
    """One run: `prepare`, `ingest` under the clock, `stored`, `close`."""

    def __init__(self, table: pa.Table, directory: Path, **options: object):
        self.table = table
        self.directory = directory
        for name, value in options.items():
            if not hasattr(self, name):
                raise AttributeError(f"{type(self).__name__} has no option {name}")
            setattr(self, name, value)

    @abstractmethod
    def prepare(self) -> None:
        """Opens an empty store, and puts the rows into the form that it takes the fastest."""

    @abstractmethod
    def ingest(self) -> None:
        """Returns when every row is as durable as the case says."""

    @abstractmethod
    def stored(self) -> Stored: ...

    def close(self) -> None: ...

    def processor_seconds(self) -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    @abstractmethod
    def version(self) -> str: ...

    def batches(self, rows: int) -> list[pa.Table]:
        return [self.table.slice(start, rows) for start in range(0, self.table.num_rows, rows)]


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    # Class of a module of `comparison.contestants`; imported by the child that runs it and by nobody else, so that a
    # peer that is missing spoils no other.
    module: str
    contestant: str
    dedup: Dedup
    durability: Durability
    settings: str
    # Fields of the contestant that differ from its class.
    options: Mapping[str, object] = field(default_factory=dict)
    # Slow ones take the first so many rows, so many times.
    most_rows: int | None = None
    most_rounds: int | None = None
    # Settings that were tried and found slower: measured only where `--only` names them or `--alternatives` is given.
    alternative: bool = False

    def rows(self, available: int) -> int:
        return min(available, self.most_rows or available)

    def rounds(self, wanted: int) -> int:
        return min(wanted, self.most_rounds or wanted)

    def expected_rows(self, rows: int, distinct: int) -> int:
        return rows if self.dedup is Dedup.NONE else distinct
