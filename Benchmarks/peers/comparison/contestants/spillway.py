"""Spillway, by its own benchmark, and what it stores, read back by pyarrow."""

import json
from pathlib import Path
import shutil
import subprocess

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ..measurement import Measurement, WrongCount


def measure(binaries: Path, recording: Path, rows: int, distinct: int, directory: Path) -> Measurement:
    """A process of its own, as every peer is; its clock starts when the batches lie ready in memory."""
    report = run(
        binaries / "spillway-bench", "ingest", "--trace", recording, "--limit", "0", "--repetitions", "1",
        "--durability", "synced", "--producers", "2", "--expected", "--no-stages", "--no-limits",
        "--directory", directory,
    )  # fmt: skip
    taken, figures = int(report["settings"]["attempts"]), report["cases"][0]["repetitions"][0]
    if taken != rows:
        raise WrongCount(f"spillway-bench took {taken} attempts, not {rows}")
    accepted = round(figures["registrationsPerSecond"] / figures["attemptsPerSecond"] * rows)
    if accepted != distinct:
        raise WrongCount(f"spillway-bench accepted {accepted} attempts; they have {distinct} identities")
    stored = check_store(binaries, recording, distinct, directory / "store")
    return Measurement(
        rows=rows,
        seconds=rows / figures["attemptsPerSecond"],
        processor_seconds=figures["processorSecondsPerMillion"] * rows / 1e6,
        stored_rows=stored,
        stored_bytes=round(figures["bytesPerRegistration"] * stored),
        version=report["machine"]["revision"],
    )


def check_store(binaries: Path, recording: Path, distinct: int, store: Path) -> int:
    """Rows of a store of the same attempts, each identity counted in its files: the benchmark keeps no store."""
    run(binaries / "spillway", "replay", recording, "--store", store)
    try:
        files = run(binaries / "spillway", "files", "--store", store)
        identities = ds.dataset([store / file for file in files]).to_table(columns=["identity"])["identity"]
        rows, different = len(identities), pc.count_distinct(identities).as_py()
    finally:
        shutil.rmtree(store)
        pa.default_memory_pool().release_unused()
    if different != rows:
        raise WrongCount(f"Spillway stored {rows} rows of {different} identities")
    if rows != distinct:
        raise WrongCount(f"Spillway stored {rows} rows; the attempts have {distinct} identities")
    return rows


def run(*command: object):
    done = subprocess.run([*map(str, command), "--format", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} {command[1]} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)
