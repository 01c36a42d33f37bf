"""The attempts that everybody takes: one recording, and the same columns as Arrow."""

from dataclasses import dataclass
import json
from pathlib import Path
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

STRINGS = ("country", "region", "platform", "source")
COLUMNS = ("registered_at", "identity", *STRINGS, "latency_us")

# Spillway's own batches hold countries and regions as codes; so do these.
DICTIONARY = pa.dictionary(pa.int16(), pa.string())


@dataclass(frozen=True)
class Prefix:
    """The first rows of the recording, as an Arrow file."""

    arrow: Path
    rows: int
    distinct: int


def export(spillway: Path, trace: Path, rows: int, directory: Path) -> Path:
    """The first `rows` attempts of a trace, as a recording."""
    path = directory / "attempts.parquet"
    command = [spillway, "trace", "generate", trace, "--out", path, "--limit", str(rows), "--format", "json"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    attempts = json.loads(output)["attempts"]
    if attempts != rows:
        raise ValueError(f"{trace} has {attempts} attempts; take --rows {attempts} or fewer.")
    return path


def prefix(recording: Path, rows: int, directory: Path) -> Prefix:
    table = coded(pq.read_table(recording).slice(0, rows))
    arrow = directory / f"attempts-{rows}.arrow"
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    distinct = pc.count_distinct(table["identity"]).as_py()
    del table
    pa.default_memory_pool().release_unused()
    return Prefix(arrow, rows, distinct)


def coded(recording: pa.Table) -> pa.Table:
    """Only the columns of a registration, strings as codes of one dictionary, in one chunk."""
    table = recording.select(COLUMNS)
    for name in STRINGS:
        field = pa.field(name, DICTIONARY, nullable=False)
        values = table[name].dictionary_encode().unify_dictionaries().cast(DICTIONARY)
        table = table.set_column(table.schema.get_field_index(name), field, values)
    return table.combine_chunks()


def load(arrow: Path) -> pa.Table:
    """Into memory of its own: a mapped file would be read under the clock."""
    with pa.OSFile(str(arrow)) as file:
        return pa.ipc.open_file(file).read_all()


def spelled_out(table: pa.Table) -> pa.Table:
    """With strings in place of codes."""
    return table.cast(
        pa.schema([pa.field(f.name, pa.string() if f.name in STRINGS else f.type, f.nullable) for f in table.schema])
    )


def dictionary(table: pa.Table, column: str) -> list[str]:
    return table[column].chunk(0).dictionary.to_pylist()


def first_of_each(table: pa.Table) -> pa.Array:
    """Where an identity appears for the first time."""
    # Codes are given in the order in which values first appear.
    codes = table["identity"].combine_chunks().dictionary_encode().indices.to_numpy()
    first = np.ones(len(codes), bool)
    first[1:] = codes[1:] > np.maximum.accumulate(codes)[:-1]
    return pa.array(first)
