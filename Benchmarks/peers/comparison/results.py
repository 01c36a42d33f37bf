"""`results.json`: every repetition of every case, and what it ran on."""

from dataclasses import dataclass
import json
from pathlib import Path
from statistics import median

from .campaign import Outcome
from .measurement import Measurement

SCHEMA = 1


def document(machine: dict, settings: dict, outcomes: list[Outcome]) -> dict:
    return {
        "schema": SCHEMA,
        "command": "peers",
        "machine": machine,
        "settings": settings,
        "cases": [case_document(outcome) for outcome in outcomes],
    }


def case_document(outcome: Outcome) -> dict:
    case = outcome.case
    return {
        "name": case.name,
        "title": case.title,
        "dedup": case.dedup,
        "durability": case.durability,
        "settings": case.settings,
        "rows": outcome.rows,
        "notMeasured": outcome.failure,
        "repetitions": [repetition.to_json() for repetition in outcome.repetitions],
    }


def read(path: Path) -> dict:
    document = json.loads(path.read_text())
    if document.get("schema") != SCHEMA:
        raise ValueError(f"{path} has schema {document.get('schema')}; this reads {SCHEMA}")
    return document


@dataclass(frozen=True)
class Sample:
    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: list[float]) -> "Sample":
        return cls(median(values), min(values), max(values))


class CaseResult:
    """A case as the document has it."""

    def __init__(self, fields: dict):
        self.name, self.title = fields["name"], fields["title"]
        self.dedup, self.durability, self.settings = fields["dedup"], fields["durability"], fields["settings"]
        self.rows, self.not_measured = fields["rows"], fields["notMeasured"]
        self.repetitions = [Measurement.from_json(repetition) for repetition in fields["repetitions"]]

    @property
    def measured(self) -> bool:
        return bool(self.repetitions)

    @property
    def rows_per_second(self) -> Sample:
        return Sample.of([repetition.rows_per_second for repetition in self.repetitions])

    @property
    def bytes_per_row(self) -> float:
        return median(repetition.bytes_per_row for repetition in self.repetitions)

    @property
    def processor_seconds_per_million(self) -> float:
        return median(repetition.processor_seconds_per_million for repetition in self.repetitions)

    @property
    def later_seconds(self) -> float | None:
        values = [repetition.later_seconds for repetition in self.repetitions if repetition.later_seconds is not None]
        return median(values) if values else None


def cases(document: dict) -> list[CaseResult]:
    return [CaseResult(fields) for fields in document["cases"]]
