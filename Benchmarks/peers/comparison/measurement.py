"""What one run gives, and whether it may count."""

from dataclasses import asdict, dataclass


class WrongCount(Exception):
    """The store does not hold what it has to; a figure for it would say nothing."""


@dataclass(frozen=True)
class Measurement:
    rows: int
    seconds: float
    processor_seconds: float
    stored_rows: int
    stored_bytes: int
    version: str
    later_seconds: float | None = None

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds

    @property
    def bytes_per_row(self) -> float:
        return self.stored_bytes / self.stored_rows

    @property
    def processor_seconds_per_million(self) -> float:
        return self.processor_seconds * 1e6 / self.rows

    def checked(self, expected_rows: int) -> "Measurement":
        if self.stored_rows != expected_rows:
            raise WrongCount(f"{self.stored_rows} rows lie on disk; {expected_rows} have to")
        return self

    def to_json(self) -> dict:
        names = {"rows_per_second", "bytes_per_row", "processor_seconds_per_million"}
        derived = {name: getattr(self, name) for name in names}
        return {camel(name): value for name, value in sorted({**asdict(self), **derived}.items())}

    @classmethod
    def from_json(cls, fields: dict) -> "Measurement":
        return cls(**{name: fields.get(camel(name)) for name in cls.__dataclass_fields__})


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
